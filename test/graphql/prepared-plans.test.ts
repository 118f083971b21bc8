import { fillBulk } from '../support/bulk.ts';
import { startTestServer } from '../support/server.ts';
import { openWorld } from '../support/world.ts';

test('PostgreSQL plans the pages of a list a few times, then keeps one plan for all cursors and parents', async () => {
  const world = await openWorld({ poolSize: 1 });
  const server = await startTestServer(world, 'compiled');
  try {
    const { id, tenant } = await world.organization();
    await fillBulk(world, tenant, { accounts: 2_000, contacts: 3 });
    await world.owner.query('vacuum analyze');
    const client = await server.client(id);
    let after: string | null = null;
    for (let page = 0; page < 20; page++) {
      const { accounts } = await client.data(
        `query ($after: String) {
          accounts(first: 20, after: $after) { nodes { contacts(first: 2) { nodes { id } } } pageInfo { endCursor } }
        }`,
        { after },
      );
      after = accounts.pageInfo.endCursor as string;
    }
    const { rows } = await world.database.pool.query<{ planned: string; kept: string }>(
      `select custom_plans as planned, generic_plans as kept from pg_prepared_statements
       where statement like '%from account t %t.id) > %' or statement like '%from contact t %'`,
    );
    expect(rows).toHaveLength(2);
    for (const { planned, kept } of rows) {
      expect(Number(planned)).toBeLessThanOrEqual(5);
      expect(Number(kept)).toBeGreaterThanOrEqual(14);
    }
  } finally {
    await server.close();
    await world.close();
  }
}, 180_000);
