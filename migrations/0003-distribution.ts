import { Migration } from '@mikro-orm/migrations';
import { firstTenantTables } from './tenant-tables.ts';

/** On a Citus cluster, and only there, the tenant tables are spread by organisation; plain PostgreSQL skips this. */
export class Distribution extends Migration {
  override up(): void {
    this.addSql(`do $$ begin
  if exists (select from pg_extension where extname = 'citus') then
    perform create_distributed_table('organization', 'id');
${firstTenantTables.map((table) => `    perform create_distributed_table('${table}', 'organization_id', colocate_with => 'organization');`).join('\n')}
  end if;
end $$`);
  }
}
