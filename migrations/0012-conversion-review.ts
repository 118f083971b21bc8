import { Migration } from '@mikro-orm/migrations';
import { joinTenantTables } from './tenant-tables.ts';

const references: [column: string, table: string][] = [
  ['lead_id', 'lead'],
  ['proposed_by_id', 'app_user'],
  ['reviewed_by_id', 'app_user'],
  ['conversion_id', 'lead_conversion'],
];

const indexes: Record<string, string> = {
  proposed: 'proposed_at, id',
  state: 'state, proposed_at, id',
  lead: 'lead_id, proposed_at, id',
  proposed_by: 'proposed_by_id, proposed_at, id',
};

/** Conversions that wait for a person's review, the organisation's rule about it, and what a journal entry tells besides. */
export class ConversionReview extends Migration {
  override up(): void {
    this.addSql(`alter table organization add column review_policy text not null default 'NONE'`);
    this.addSql(
      `alter table organization add constraint organization_review_policy check (review_policy in ('NONE', 'FOUR_EYES', 'REQUIRED'))`,
    );
    this.addSql('alter table audit_entry add column details jsonb');

    // input, plan_state and plan are the frozen plan: what was asked for, what it rests on, how it is shown
    this.addSql(`create table conversion_proposal (
  organization_id uuid not null,
  id uuid not null,
  lead_id uuid not null,
  input jsonb not null,
  plan_state jsonb not null,
  plan jsonb not null,
  proposer text not null,
  proposed_by_kind text not null,
  proposed_by_id uuid,
  proposed_by_name text not null,
  proposed_at timestamptz(3) not null,
  state text not null default 'OPEN',
  reviewed_by_id uuid,
  reviewed_at timestamptz(3),
  note text,
  conversion_id uuid,
  expired_at timestamptz(3),
  expired_because jsonb,
  constraint conversion_proposal_pk primary key (organization_id, id),
  constraint conversion_proposal_kind check (proposed_by_kind in ('PERSON', 'SERVICE')),
  constraint conversion_proposal_state check (state in ('OPEN', 'APPROVED', 'REJECTED', 'EXPIRED')),
  constraint conversion_proposal_reviewed check ((state in ('APPROVED', 'REJECTED')) = (reviewed_by_id is not null)
    and (reviewed_by_id is null) = (reviewed_at is null)),
  constraint conversion_proposal_converted check ((state = 'APPROVED') = (conversion_id is not null)),
  constraint conversion_proposal_expired check ((state = 'EXPIRED') = (expired_at is not null)
    and (expired_at is null) = (expired_because is null))
)`);
    joinTenantTables(this, 'conversion_proposal');
    for (const [column, table] of references)
      this.addSql(
        `alter table conversion_proposal add constraint conversion_proposal_${column.replace(/_id$/, '')}_fk foreign key (organization_id, ${column}) references ${table} (organization_id, id) on delete restrict`,
      );
    for (const [name, columns] of Object.entries(indexes))
      this.addSql(
        `create index conversion_proposal_${name}_idx on conversion_proposal (organization_id, ${columns})`,
      );
    this.addSql(
      `create unique index conversion_proposal_open_idx on conversion_proposal (organization_id, lead_id) where state = 'OPEN'`,
    );
    this.addSql(
      'create unique index conversion_proposal_conversion_idx on conversion_proposal (organization_id, conversion_id) where conversion_id is not null',
    );
  }
}
