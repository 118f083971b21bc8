import { Migration } from '@mikro-orm/migrations';
import { joinTenantTables } from './tenant-tables.ts';

/** Hand-offs of leads from SDR to AE, and who of both stands behind a conversion. */
export class Handoffs extends Migration {
  override up(): void {
    this.addSql(`create table lead_handoff (
  organization_id uuid not null,
  id uuid not null,
  lead_id uuid not null,
  from_user_id uuid,
  to_user_id uuid not null,
  note text,
  handed_at timestamptz(3) not null,
  decision text,
  decided_at timestamptz(3),
  decided_by_id uuid,
  reason text,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  version integer not null default 1,
  constraint lead_handoff_pk primary key (organization_id, id),
  constraint lead_handoff_decision check (decision in ('ACCEPTED', 'BOUNCED', 'WITHDRAWN')),
  constraint lead_handoff_decided check ((decision is null) = (decided_at is null)),
  constraint lead_handoff_bounced_why check (decision <> 'BOUNCED' or reason is not null)
)`);
    joinTenantTables(this, 'lead_handoff');
    this.references('lead_handoff', 'lead_id', 'lead');
    for (const column of ['from_user_id', 'to_user_id', 'decided_by_id'])
      this.references('lead_handoff', column, 'app_user');
    const indexes = {
      handed: 'handed_at, id',
      lead: 'lead_id, handed_at, id',
      to_user: 'to_user_id, handed_at, id',
      from_user: 'from_user_id, handed_at, id',
      decision: 'decision, handed_at, id',
    };
    for (const [name, columns] of Object.entries(indexes))
      this.addSql(`create index lead_handoff_${name}_idx on lead_handoff (organization_id, ${columns})`);
    this.addSql(
      'create index lead_handoff_waiting_idx on lead_handoff (organization_id, handed_at, id) where decision is null',
    );
    this.addSql(
      'create index lead_handoff_inbox_idx on lead_handoff (organization_id, to_user_id, handed_at, id) where decision is null',
    );
    this.addSql(
      'create unique index lead_handoff_pending_idx on lead_handoff (organization_id, lead_id) where decision is null',
    );
    this.addSql('create index queue_list_idx on queue (organization_id, name, id)');

    for (const column of ['sdr_id', 'ae_id']) {
      this.addSql(`alter table lead_conversion add column ${column} uuid`);
      this.references('lead_conversion', column, 'app_user');
    }
    for (const column of ['sdr_id', 'ae_id', 'contact_outcome', 'opportunity_outcome'])
      this.addSql(
        `create index lead_conversion_${column.replace(/_id$/, '')}_idx on lead_conversion (organization_id, ${column}, converted_at, id)`,
      );
  }

  private references(table: string, column: string, referenced: string): void {
    this.addSql(
      `alter table ${table} add constraint ${table}_${column.replace(/_id$/, '')}_fk foreign key (organization_id, ${column}) references ${referenced} (organization_id, id) on delete restrict`,
    );
  }
}
