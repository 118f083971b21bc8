import { Migration } from '@mikro-orm/migrations';
import { joinTenantTables } from './tenant-tables.ts';

/** Conversions too many for one transaction: what was asked for, line by line, and what became of each. */
export class ConversionJobs extends Migration {
  override up(): void {
    this.addSql(`create table conversion_job (
  organization_id uuid not null,
  id uuid not null,
  kind text not null,
  state text not null,
  share_opportunity jsonb,
  reason text,
  reverts_id uuid,
  created_by_id uuid not null,
  created_at timestamptz(3) not null,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  constraint conversion_job_pk primary key (organization_id, id),
  constraint conversion_job_kind check (kind in ('CONVERT', 'REVERT') and (kind = 'REVERT') = (reverts_id is not null)),
  constraint conversion_job_state check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  constraint conversion_job_end check ((state in ('QUEUED', 'RUNNING')) = (finished_at is null))
)`);
    this.addSql(`create table conversion_job_line (
  organization_id uuid not null,
  id uuid not null,
  job_id uuid not null,
  position integer not null,
  client_ref text,
  input jsonb,
  lead_id uuid,
  state text not null,
  conversion_id uuid,
  errors jsonb not null default '[]',
  constraint conversion_job_line_pk primary key (organization_id, id),
  constraint conversion_job_line_position_unique unique (organization_id, job_id, position),
  constraint conversion_job_line_state check (state in ('PENDING', 'CONVERTED', 'REVERTED', 'REFUSED', 'FAILED', 'CANCELLED'))
)`);
    joinTenantTables(this, 'conversion_job');
    joinTenantTables(this, 'conversion_job_line');
    const foreignKey = (table: string, column: string, target: string, name: string) =>
      this.addSql(
        `alter table ${table} add constraint ${table}_${name}_fk foreign key (organization_id, ${column}) references ${target} (organization_id, id) on delete ${name === 'job' ? 'cascade' : 'restrict'}`,
      );
    foreignKey('conversion_job', 'created_by_id', 'app_user', 'created_by');
    foreignKey('conversion_job', 'reverts_id', 'conversion_job', 'reverts');
    foreignKey('conversion_job_line', 'job_id', 'conversion_job', 'job');
    foreignKey('conversion_job_line', 'conversion_id', 'lead_conversion', 'conversion');
    this.addSql('create index conversion_job_created on conversion_job (organization_id, created_at, id)');
    this.addSql(
      'create index conversion_job_state_created on conversion_job (organization_id, state, created_at, id)',
    );
    this.addSql('create index conversion_job_reverts on conversion_job (organization_id, reverts_id)');
    this.addSql(
      'create index conversion_job_line_state on conversion_job_line (organization_id, job_id, state, position)',
    );
    this.addSql(
      'create index conversion_job_line_conversion on conversion_job_line (organization_id, conversion_id)',
    );
  }
}
