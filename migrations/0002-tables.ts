import { Migration } from '@mikro-orm/migrations';

/** Columns every tenant row has. Times carry milliseconds, so that a cursor made in JavaScript names the exact row. */
const row = `organization_id uuid not null,
  id uuid not null`;
const tracked = `created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  version integer not null default 1`;
const address = `street text,
  city text,
  state text,
  postal_code text,
  country text`;
/** `…_key` columns hold the normalised text (lower case, no accents) that filters, orders and prefixes compare. */
const key = `text collate "C"`;

/** All tables, without foreign keys: those come after the distribution block (0003). */
export class Tables extends Migration {
  override up(): void {
    this.addSql(`create table installation (
  id boolean not null default true,
  token_secret bytea not null,
  sample text,
  created_at timestamptz(3) not null,
  constraint installation_pk primary key (id),
  constraint installation_single check (id),
  constraint installation_sample check (sample in ('MAKING', 'MADE', 'DECLINED'))
)`);

    this.addSql(`create table organization (
  id uuid not null,
  name text not null,
  name_key ${key} not null,
  currency text not null,
  time_zone text not null,
  fiscal_year_start_month smallint not null default 1,
  duplicate_policy text not null default 'BLOCK',
  similar_policy text not null default 'WARN',
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  version integer not null default 1,
  constraint organization_pk primary key (id),
  constraint organization_name_unique unique (name_key),
  constraint organization_fiscal_month check (fiscal_year_start_month between 1 and 12),
  constraint organization_duplicate_policy check (duplicate_policy in ('BLOCK', 'WARN', 'ALLOW')),
  constraint organization_similar_policy check (similar_policy in ('BLOCK', 'WARN', 'ALLOW'))
)`);

    this.addSql(`create table app_user (
  ${row},
  name text not null,
  email text,
  email_key ${key},
  role text not null,
  is_active boolean not null default true,
  is_placeholder boolean not null default false,
  external_id text,
  ${tracked},
  constraint app_user_pk primary key (organization_id, id),
  constraint app_user_email_unique unique (organization_id, email_key),
  constraint app_user_external_unique unique (organization_id, external_id),
  constraint app_user_role check (role in ('ADMIN', 'SDR', 'AE', 'MARKETER', 'ANALYST'))
)`);

    this.addSql(`create table queue (
  ${row},
  name text not null,
  external_id text,
  ${tracked},
  constraint queue_pk primary key (organization_id, id),
  constraint queue_name_unique unique (organization_id, name),
  constraint queue_external_unique unique (organization_id, external_id)
)`);

    this.addSql(`create table access_token (
  ${row},
  user_id uuid,
  role text not null,
  name text not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  constraint access_token_pk primary key (organization_id, id),
  constraint access_token_principal check ((role = 'SERVICE') = (user_id is null))
)`);

    this.addSql(`create table stage (
  ${row},
  name text not null,
  name_key ${key} not null,
  position integer not null,
  probability smallint not null,
  forecast_category text not null,
  is_closed boolean not null,
  is_won boolean not null,
  ${tracked},
  constraint stage_pk primary key (organization_id, id),
  constraint stage_name_unique unique (organization_id, name_key),
  constraint stage_probability check (probability between 0 and 100),
  constraint stage_won_is_closed check (is_closed or not is_won),
  constraint stage_category check (forecast_category in ('PIPELINE', 'BEST_CASE', 'MOST_LIKELY', 'COMMIT', 'CLOSED', 'OMITTED'))
)`);

    this.addSql(`create table lead_status (
  ${row},
  name text not null,
  name_key ${key} not null,
  position integer not null,
  is_converted boolean not null,
  is_closed boolean not null,
  ${tracked},
  constraint lead_status_pk primary key (organization_id, id),
  constraint lead_status_name_unique unique (organization_id, name_key)
)`);

    this.addSql(`create table account (
  ${row},
  name text not null,
  name_key ${key} not null,
  match_key ${key} not null,
  domain ${key},
  website text,
  industry text,
  industry_key ${key},
  employees integer,
  annual_revenue bigint,
  annual_revenue_currency text,
  phone text,
  ${address},
  rating text,
  type text,
  type_label text,
  description text,
  tier smallint,
  is_target boolean not null default false,
  owner_id uuid,
  parent_id uuid,
  external_id text,
  custom_fields jsonb not null default '{}',
  created_at_estimated boolean not null default false,
  deleted_at timestamptz(3),
  ${tracked},
  constraint account_pk primary key (organization_id, id),
  constraint account_external_unique unique (organization_id, external_id),
  constraint account_employees check (employees >= 0),
  constraint account_tier check (tier between 1 and 9),
  constraint account_revenue_currency check ((annual_revenue is null) = (annual_revenue_currency is null)),
  constraint account_type check (type in ('PROSPECT', 'CUSTOMER', 'PARTNER', 'COMPETITOR', 'OTHER')),
  constraint account_not_own_parent check (parent_id <> id)
)`);

    this.addSql(`create table contact (
  ${row},
  account_id uuid,
  first_name text,
  last_name text not null,
  name_key ${key} not null,
  email text,
  email_key ${key},
  phone text,
  mobile text,
  title text,
  title_key ${key},
  source text,
  description text,
  ${address},
  do_not_call boolean not null default false,
  email_opt_out boolean not null default false,
  buying_role text,
  owner_id uuid,
  external_id text,
  custom_fields jsonb not null default '{}',
  created_at_estimated boolean not null default false,
  deleted_at timestamptz(3),
  ${tracked},
  constraint contact_pk primary key (organization_id, id),
  constraint contact_external_unique unique (organization_id, external_id),
  constraint contact_buying_role check (buying_role in ('CHAMPION', 'DECISION_MAKER', 'ECONOMIC_BUYER', 'TECHNICAL_BUYER', 'INFLUENCER', 'USER', 'BLOCKER', 'OTHER'))
)`);

    this.addSql(`create table opportunity (
  ${row},
  account_id uuid,
  name text not null,
  name_key ${key} not null,
  stage_id uuid not null,
  stage_position integer not null,
  amount bigint,
  currency text not null,
  probability smallint not null,
  forecast_category text not null,
  close_date date not null,
  closed_at timestamptz(3),
  is_closed boolean not null,
  is_won boolean not null,
  owner_id uuid,
  source text,
  source_key ${key},
  campaign_id uuid,
  type_label text,
  next_step text,
  lost_reason text,
  description text,
  push_count integer not null default 0,
  external_id text,
  custom_fields jsonb not null default '{}',
  created_at_estimated boolean not null default false,
  deleted_at timestamptz(3),
  ${tracked},
  constraint opportunity_pk primary key (organization_id, id),
  constraint opportunity_external_unique unique (organization_id, external_id),
  constraint opportunity_probability check (probability between 0 and 100),
  constraint opportunity_won_is_closed check (is_closed or not is_won),
  constraint opportunity_closed_at check (is_closed = (closed_at is not null)),
  constraint opportunity_category check (forecast_category in ('PIPELINE', 'BEST_CASE', 'MOST_LIKELY', 'COMMIT', 'CLOSED', 'OMITTED'))
)`);

    // The history of an opportunity: half-open, gapless intervals; the last one (valid_to null) equals the row itself.
    this.addSql(`create table opportunity_version (
  ${row},
  opportunity_id uuid not null,
  stage_id uuid not null,
  amount bigint,
  currency text not null,
  probability smallint not null,
  forecast_category text not null,
  close_date date not null,
  is_closed boolean not null,
  is_won boolean not null,
  valid_from timestamptz(3) not null,
  valid_to timestamptz(3),
  constraint opportunity_version_pk primary key (organization_id, id),
  constraint opportunity_version_interval check (valid_to > valid_from)
)`);

    this.addSql(`create table opportunity_contact_role (
  ${row},
  opportunity_id uuid not null,
  contact_id uuid not null,
  role text,
  is_primary boolean not null default false,
  created_at timestamptz(3) not null,
  constraint opportunity_contact_role_pk primary key (organization_id, id),
  constraint opportunity_contact_role_unique unique (organization_id, opportunity_id, contact_id),
  constraint opportunity_contact_role_role check (role in ('CHAMPION', 'DECISION_MAKER', 'ECONOMIC_BUYER', 'TECHNICAL_BUYER', 'INFLUENCER', 'USER', 'BLOCKER', 'OTHER'))
)`);

    this.addSql(`create table lead (
  ${row},
  first_name text,
  last_name text not null,
  name_key ${key} not null,
  company text,
  company_key ${key},
  match_key ${key},
  email text,
  email_key ${key},
  phone text,
  mobile text,
  title text,
  website text,
  domain ${key},
  industry text,
  employees integer,
  annual_revenue bigint,
  annual_revenue_currency text,
  ${address},
  rating text,
  description text,
  do_not_call boolean not null default false,
  email_opt_out boolean not null default false,
  status_id uuid not null,
  source text,
  source_key ${key},
  score integer,
  owner_id uuid,
  queue_id uuid,
  campaign_id uuid,
  mql_at timestamptz(3),
  sal_at timestamptz(3),
  sql_at timestamptz(3),
  disqualified_reason text,
  matched_account_id uuid,
  match_method text not null default 'NONE',
  match_score real not null default 0,
  is_converted boolean not null default false,
  converted_at timestamptz(3),
  external_id text,
  custom_fields jsonb not null default '{}',
  created_at_estimated boolean not null default false,
  deleted_at timestamptz(3),
  ${tracked},
  constraint lead_pk primary key (organization_id, id),
  constraint lead_external_unique unique (organization_id, external_id),
  constraint lead_employees check (employees >= 0),
  constraint lead_revenue_currency check ((annual_revenue is null) = (annual_revenue_currency is null)),
  constraint lead_one_owner check (owner_id is null or queue_id is null),
  constraint lead_converted_at check (is_converted = (converted_at is not null)),
  constraint lead_match_method check (match_method in ('DOMAIN', 'EXACT_NAME', 'SIMILAR_NAME', 'MANUAL', 'AMBIGUOUS', 'NONE'))
)`);

    this.addSql(`create table lead_conversion (
  ${row},
  lead_id uuid not null,
  account_id uuid,
  contact_id uuid,
  opportunity_id uuid,
  account_outcome text,
  contact_outcome text,
  opportunity_outcome text,
  converted_at timestamptz(3) not null,
  converted_by_id uuid,
  is_imported boolean not null default false,
  reverted_at timestamptz(3),
  effects jsonb,
  constraint lead_conversion_pk primary key (organization_id, id),
  constraint lead_conversion_account_outcome check (account_outcome in ('CREATED', 'MERGED', 'ATTACHED')),
  constraint lead_conversion_contact_outcome check (contact_outcome in ('CREATED', 'MERGED', 'ATTACHED')),
  constraint lead_conversion_opportunity_outcome check (opportunity_outcome in ('CREATED', 'MERGED', 'ATTACHED'))
)`);

    this.addSql(`create table conversion_field (
  ${row},
  conversion_id uuid not null,
  target text not null,
  field text not null,
  value text,
  outcome text not null,
  constraint conversion_field_pk primary key (organization_id, id),
  constraint conversion_field_unique unique (organization_id, conversion_id, target, field),
  constraint conversion_field_target check (target in ('ACCOUNT', 'CONTACT', 'OPPORTUNITY')),
  constraint conversion_field_outcome check (outcome in ('FILLED', 'KEPT', 'OVERWRITTEN', 'DROPPED'))
)`);

    this.addSql(`create table campaign (
  ${row},
  name text not null,
  type text,
  status text,
  start_date date,
  end_date date,
  actual_cost bigint,
  actual_cost_currency text,
  external_id text,
  ${tracked},
  constraint campaign_pk primary key (organization_id, id),
  constraint campaign_external_unique unique (organization_id, external_id),
  constraint campaign_cost_currency check ((actual_cost is null) = (actual_cost_currency is null))
)`);

    this.addSql(`create table campaign_member (
  ${row},
  campaign_id uuid not null,
  lead_id uuid,
  contact_id uuid,
  responded_at timestamptz(3),
  created_at timestamptz(3) not null,
  constraint campaign_member_pk primary key (organization_id, id),
  constraint campaign_member_lead_unique unique (organization_id, campaign_id, lead_id),
  constraint campaign_member_contact_unique unique (organization_id, campaign_id, contact_id),
  constraint campaign_member_person check ((lead_id is null) <> (contact_id is null))
)`);

    this.addSql(`create table activity (
  ${row},
  type text not null,
  subject text,
  direction text,
  minutes integer not null default 0,
  occurred_at timestamptz(3) not null,
  is_open boolean not null default false,
  lead_id uuid,
  contact_id uuid,
  account_id uuid,
  opportunity_id uuid,
  owner_id uuid,
  external_id text,
  ${tracked},
  constraint activity_pk primary key (organization_id, id),
  constraint activity_external_unique unique (organization_id, external_id),
  constraint activity_minutes check (minutes >= 0),
  constraint activity_direction check (direction in ('INBOUND', 'OUTBOUND')),
  constraint activity_type check (type in ('PAGE_VIEW', 'EMAIL', 'REPLY', 'CALL', 'DOWNLOAD', 'WEBINAR', 'MEETING', 'EVENT', 'FORM', 'TASK', 'OTHER'))
)`);

    this.addSql(`create table audit_entry (
  ${row},
  record_type text not null,
  record_id uuid not null,
  action text not null,
  actor_kind text not null,
  actor_user_id uuid,
  actor_name text not null,
  before jsonb,
  after jsonb,
  at timestamptz(3) not null,
  constraint audit_entry_pk primary key (organization_id, id),
  constraint audit_entry_actor_kind check (actor_kind in ('PERSON', 'SERVICE'))
)`);

    this.addSql(`create table outbox_event (
  ${row},
  type text not null,
  payload jsonb not null,
  at timestamptz(3) not null,
  constraint outbox_event_pk primary key (organization_id, id)
)`);

    this.addSql(`create table idempotency_key (
  organization_id uuid not null,
  principal text not null,
  mutation text not null,
  key text not null,
  input_hash text not null,
  result jsonb not null,
  created_at timestamptz(3) not null,
  constraint idempotency_key_pk primary key (organization_id, principal, mutation, key)
)`);

    // Rows are only ever locked: two conversions that would create the same company wait for each other here.
    this.addSql(`create table company_lock (
  organization_id uuid not null,
  key ${key} not null,
  constraint company_lock_pk primary key (organization_id, key)
)`);
  }
}
