import { Migration } from '@mikro-orm/migrations';
import { boundOrganization as bound, firstTenantTables, protectTenantTable } from './tenant-tables.ts';

/**
 * The second wall behind the `organization_id` every statement binds: PostgreSQL itself shows and accepts only rows of
 * the bound organisation, also to the tables' owner. The owner may read and make organisations, nothing inside them.
 */
export class RowLevelSecurity extends Migration {
  override up(): void {
    for (const table of firstTenantTables) protectTenantTable(this, table);
    this.addSql('alter table organization enable row level security');
    this.addSql('alter table organization force row level security');
    this.addSql(
      `create policy organization_tenant on organization to kontor_app using (id = ${bound}) with check (id = ${bound})`,
    );
    this.addSql(
      'create policy organization_owner on organization to current_user using (true) with check (true)',
    );
    this.addSql('grant select, insert, update on organization to kontor_app');
  }
}
