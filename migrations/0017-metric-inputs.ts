import { Migration } from '@mikro-orm/migrations';
import { joinTenantTables } from './tenant-tables.ts';

/** Lists and look-ups of the tables metrics read, as in 0005: index name → columns after `organization_id`. */
const indexes: Record<string, Record<string, string>> = {
  campaign: { name: 'name_key, id', created: 'created_at, id' },
  campaign_member: { campaign: 'campaign_id, created_at, id' },
  activity: { occurred: 'occurred_at, id' },
  exchange_rate: { list: 'valid_from, currency, id' },
  sales_target: { starts: 'starts_on, id', owner: 'owner_id, starts_on, id' },
};

/** What metrics need beside the records themselves: targets, rates, teams, limits; and more of campaigns and activities. */
export class MetricInputs extends Migration {
  override up(): void {
    // limits and weights as an administrator set them; what is absent is as src/metrics/settings says
    this.addSql(`alter table organization add column metric_settings jsonb not null default '{}'`);
    this.addSql('alter table app_user add column team text');

    // one unit of `currency` is `rate` units of the organisation's currency from this day on; `minor_rate` the same for
    // minor units of both, which is what amounts are multiplied by
    this.addSql(`create table exchange_rate (
  organization_id uuid not null,
  id uuid not null,
  currency text not null,
  valid_from date not null,
  rate numeric not null,
  minor_rate numeric not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  version integer not null default 1,
  constraint exchange_rate_pk primary key (organization_id, id),
  constraint exchange_rate_unique unique (organization_id, currency, valid_from),
  constraint exchange_rate_positive check (rate > 0 and minor_rate > 0)
)`);
    // half-open [starts_on, ends_on); no owner: the whole organisation's
    this.addSql(`create table sales_target (
  organization_id uuid not null,
  id uuid not null,
  owner_id uuid,
  starts_on date not null,
  ends_on date not null,
  amount bigint not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  version integer not null default 1,
  constraint sales_target_pk primary key (organization_id, id),
  constraint sales_target_period check (ends_on > starts_on),
  constraint sales_target_amount check (amount >= 0)
)`);
    for (const table of ['exchange_rate', 'sales_target']) joinTenantTables(this, table);
    this.addSql(
      'alter table sales_target add constraint sales_target_owner_fk foreign key (organization_id, owner_id) references app_user (organization_id, id) on delete restrict',
    );
    this.addSql(
      'create unique index sales_target_unique_idx on sales_target (organization_id, owner_id, starts_on, ends_on) where owner_id is not null',
    );
    this.addSql(
      'create unique index sales_target_whole_idx on sales_target (organization_id, starts_on, ends_on) where owner_id is null',
    );

    // without minutes of its own an activity counts as long as the settings say for its type
    this.addSql('alter table activity alter column minutes drop not null');
    this.addSql('alter table activity alter column minutes drop default');
    this.overAllRows('activity', 'update activity set minutes = null where minutes = 0');

    this.addSql(`alter table campaign add column name_key text collate "C",
  add column budgeted_cost bigint,
  add column budgeted_cost_currency text,
  add column is_active boolean not null default true,
  add column description text,
  add column owner_id uuid`);
    this.addSql(
      'alter table campaign add constraint campaign_budget_currency check ((budgeted_cost is null) = (budgeted_cost_currency is null))',
    );
    // only the sample had campaigns so far, with names of plain letters
    this.overAllRows('campaign', 'update campaign set name_key = lower(name)');
    this.addSql('alter table campaign alter column name_key set not null');
    this.addSql(
      'alter table campaign add constraint campaign_owner_fk foreign key (organization_id, owner_id) references app_user (organization_id, id) on delete restrict',
    );
    this.addSql('alter table campaign_member add column status text, add column external_id text');
    this.addSql(
      'alter table campaign_member add constraint campaign_member_external_unique unique (organization_id, external_id)',
    );
    this.addSql('alter table opportunity_contact_role add column external_id text');
    this.addSql(
      'alter table opportunity_contact_role add constraint opportunity_contact_role_external_unique unique (organization_id, external_id)',
    );

    for (const [table, lists] of Object.entries(indexes))
      for (const [name, columns] of Object.entries(lists))
        this.addSql(`create index ${table}_${name}_idx on ${table} (organization_id, ${columns})`);
    this.addSql(
      'create index opportunity_campaign_idx on opportunity (organization_id, campaign_id, close_date, id) where deleted_at is null',
    );
    this.addSql(
      'create index lead_campaign_idx on lead (organization_id, campaign_id, created_at, id) where deleted_at is null',
    );
  }

  /** Row-level security is forced on the owner, too: without a bound organisation a statement would see no row. */
  private overAllRows(table: string, statement: string): void {
    this.addSql(`alter table ${table} no force row level security`);
    this.addSql(statement);
    this.addSql(`alter table ${table} force row level security`);
  }
}
