import { Migration } from '@mikro-orm/migrations';

/**
 * Index name → columns after `organization_id`. Each filter and each order of the API has one; a filter's index goes on
 * with the list's default order, so that a filtered page is read in order and stops early. A nullable order has two,
 * since nulls come last in both directions.
 */
const lists: Record<string, { live: boolean; indexes: Record<string, string> }> = {
  account: {
    live: true,
    indexes: {
      name: 'name_key, id',
      created: 'created_at, id',
      updated: 'updated_at, id',
      tier: 'tier, name_key, id',
      tier_order: 'tier, id',
      tier_order_desc: 'tier desc nulls last, id desc',
      revenue: 'annual_revenue, id',
      revenue_desc: 'annual_revenue desc nulls last, id desc',
      domain: 'domain, name_key, id',
      match: 'match_key',
      industry: 'industry_key, name_key, id',
      target: 'is_target, name_key, id',
      owner: 'owner_id, name_key, id',
      parent: 'parent_id, name_key, id',
    },
  },
  contact: {
    live: true,
    indexes: {
      name: 'name_key, id',
      created: 'created_at, id',
      updated: 'updated_at, id',
      account: 'account_id, name_key, id',
      account_email: 'account_id, email_key',
      email: 'email_key, name_key, id',
      title: 'title_key, name_key, id',
      owner: 'owner_id, name_key, id',
    },
  },
  opportunity: {
    live: true,
    indexes: {
      name: 'name_key, id',
      created: 'created_at, id',
      close_date: 'close_date, id',
      amount: 'amount, id',
      amount_desc: 'amount desc nulls last, id desc',
      stage_position: 'stage_position, id',
      account: 'account_id, close_date, id',
      stage: 'stage_id, close_date, id',
      closed: 'is_closed, close_date, id',
      won: 'is_won, close_date, id',
      owner: 'owner_id, close_date, id',
      source: 'source_key, close_date, id',
    },
  },
  lead: {
    live: true,
    indexes: {
      name: 'name_key, id',
      company: 'company_key, id',
      company_desc: 'company_key desc nulls last, id desc',
      created: 'created_at, id',
      updated: 'updated_at, id',
      score: 'score, id',
      score_desc: 'score desc nulls last, id desc',
      email: 'email_key, created_at, id',
      status: 'status_id, created_at, id',
      source: 'source_key, created_at, id',
      converted: 'is_converted, created_at, id',
      owner: 'owner_id, created_at, id',
      queue: 'queue_id, created_at, id',
      account: 'matched_account_id, created_at, id',
      match: 'match_key',
      domain: 'domain',
    },
  },
  lead_conversion: {
    live: false,
    indexes: {
      converted: 'converted_at, id',
      lead: 'lead_id, converted_at, id',
      account: 'account_id, converted_at, id',
      contact: 'contact_id, converted_at, id',
      opportunity: 'opportunity_id, converted_at, id',
      account_outcome: 'account_outcome, converted_at, id',
      converted_by: 'converted_by_id, converted_at, id',
    },
  },
  app_user: { live: false, indexes: { name: 'name, id' } },
  opportunity_contact_role: { live: false, indexes: { contact: 'contact_id, opportunity_id' } },
  campaign_member: { live: false, indexes: { lead: 'lead_id', contact: 'contact_id' } },
  activity: {
    live: false,
    indexes: {
      lead: 'lead_id, occurred_at, id',
      contact: 'contact_id, occurred_at, id',
      account: 'account_id, occurred_at, id',
      opportunity: 'opportunity_id, occurred_at, id',
    },
  },
  audit_entry: { live: false, indexes: { record: 'record_id, at, id' } },
  outbox_event: { live: false, indexes: { at: 'at, id' } },
};

export class Indexes extends Migration {
  override up(): void {
    for (const [table, { live, indexes }] of Object.entries(lists)) {
      for (const [name, columns] of Object.entries(indexes)) {
        this.addSql(
          `create index ${table}_${name}_idx on ${table} (organization_id, ${columns})${live ? ' where deleted_at is null' : ''}`,
        );
      }
    }
    this.addSql(
      'create index lead_conversion_reverted_idx on lead_conversion (organization_id, converted_at, id) where reverted_at is not null',
    );
    // Rules that a race must not break.
    this.addSql(
      'create unique index opportunity_version_from_idx on opportunity_version (organization_id, opportunity_id, valid_from)',
    );
    this.addSql(
      'create unique index opportunity_version_current_idx on opportunity_version (organization_id, opportunity_id) where valid_to is null',
    );
    this.addSql(
      'create unique index opportunity_contact_role_primary_idx on opportunity_contact_role (organization_id, opportunity_id) where is_primary',
    );
    this.addSql(
      'create unique index lead_conversion_once_idx on lead_conversion (organization_id, lead_id) where reverted_at is null',
    );
  }
}
