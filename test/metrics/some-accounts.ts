import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../src/database/database.ts';
import type { Tenant } from '../../src/database/tenant.ts';

export async function storeAccounts(database: Database, tenant: Tenant, names: string[]): Promise<string[]> {
  const ids = names.map(() => uuidv7());
  await database.write(tenant, (tx) =>
    tx.query(sql`
      insert into account (organization_id, id, name, name_key, match_key, created_at, updated_at)
      select ${tenant.organizationId}, n.id, n.name, lower(n.name), lower(n.name), now(), now()
      from unnest(${ids}::uuid[], ${names}::text[]) as n(id, name)`),
  );
  return ids;
}
