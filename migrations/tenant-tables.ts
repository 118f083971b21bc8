import type { Migration } from '@mikro-orm/migrations';

/** Those of the first schema, which migrations 0003 to 0006 are about. */
export const firstTenantTables = [
  'app_user',
  'queue',
  'access_token',
  'stage',
  'lead_status',
  'account',
  'contact',
  'opportunity',
  'opportunity_version',
  'opportunity_contact_role',
  'lead',
  'lead_conversion',
  'conversion_field',
  'campaign',
  'campaign_member',
  'activity',
  'audit_entry',
  'outbox_event',
  'idempotency_key',
  'company_lock',
] as const;

/** Every table whose rows belong to one organisation; `organization` itself is keyed by its own id. */
export const tenantTables: readonly string[] = [
  ...firstTenantTables,
  'conversion_job',
  'conversion_job_line',
  'conversion_proposal',
  'custom_field',
  'lead_handoff',
  'exchange_rate',
  'sales_target',
  'removed_import',
];

/** The organisation bound to the running transaction; no binding → null → no rows. */
export const boundOrganization = `nullif(current_setting('app.organization_id', true), '')::uuid`;

/** Lets PostgreSQL itself show and accept only rows of the bound organisation, also to the table's owner. */
export function protectTenantTable(migration: Migration, table: string): void {
  migration.addSql(`alter table ${table} enable row level security`);
  migration.addSql(`alter table ${table} force row level security`);
  migration.addSql(
    `create policy ${table}_tenant on ${table} using (organization_id = ${boundOrganization}) with check (organization_id = ${boundOrganization})`,
  );
  migration.addSql(`grant select, insert, update, delete on ${table} to kontor_app`);
}

/** What a later tenant table needs after it was made: distribution on a Citus cluster, its organisation, the wall. */
export function joinTenantTables(migration: Migration, table: string): void {
  migration.addSql(`do $$ begin
  if exists (select from pg_extension where extname = 'citus') then
    perform create_distributed_table('${table}', 'organization_id', colocate_with => 'organization');
  end if;
end $$`);
  migration.addSql(
    `alter table ${table} add constraint ${table}_organization_fk foreign key (organization_id) references organization (id) on delete cascade`,
  );
  protectTenantTable(migration, table);
}
