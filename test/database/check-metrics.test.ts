import 'reflect-metadata';
import sql, { type Sql } from 'sql-template-tag';
import { checkOrganization } from '../../src/database/check.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const ids = [1, 2, 3].map((number) => `00000000-0000-7000-8000-00000000000${number}`);

async function found(plant: (organizationId: string, adminId: string) => Sql): Promise<object[]> {
  const { id, tenant, adminId } = await world.organization({ currency: 'EUR' });
  await world.database.write(tenant, (tx) => tx.query(plant(id, adminId)));
  return checkOrganization(world.database, id);
}

test('a rate of minor units that is another than the rate says is found', async () => {
  const rates = (organizationId: string, minorRates: string[]) => sql`
    insert into exchange_rate (organization_id, id, currency, valid_from, rate, minor_rate, created_at, updated_at)
    select ${organizationId}, r.id, r.currency, '2026-01-01', 2, r.minor_rate, now(), now()
    from unnest(${ids}::uuid[], ${['USD', 'JPY', 'KWD']}::text[], ${minorRates}::numeric[]) as r (id, currency, minor_rate)`;
  expect(await found((id) => rates(id, ['2', '200', '0.2']))).toEqual([]);
  expect(await found((id) => rates(id, ['2', '2', '0.2000000001']))).toMatchObject([
    {
      ...{ name: 'minor-rates', severity: 'error', count: 2 },
      examples: [encodeId('ExchangeRate', ids[1]!), encodeId('ExchangeRate', ids[2]!)],
    },
  ]);
});

test("a rate of the organisation's own currency is found", async () => {
  const own = (organizationId: string) => sql`
    insert into exchange_rate (organization_id, id, currency, valid_from, rate, minor_rate, created_at, updated_at)
    values (${organizationId}, ${ids[0]}, 'EUR', '2026-01-01', 1, 1, now(), now())`;
  expect(await found(own)).toMatchObject([{ name: 'no-rate-of-own-currency', count: 1 }]);
});

test('targets of one owner for the same days are found', async () => {
  const targets = (
    organizationId: string,
    owners: (string | null)[],
    starts: string[],
    ends: string[],
  ) => sql`
    insert into sales_target (organization_id, id, owner_id, starts_on, ends_on, amount, created_at, updated_at)
    select ${organizationId}, s.*, 1, now(), now()
    from unnest(${ids}::uuid[], ${owners}::uuid[], ${starts}::date[], ${ends}::date[]) s`;
  const starts = ['2026-01-01', '2026-04-01', '2026-01-01'];
  const ends = ['2026-04-01', '2026-07-01', '2027-01-01'];
  expect(await found((id, admin) => targets(id, [admin, admin, null], starts, ends))).toEqual([]);
  // the long one covers both: the one before the last is no overlap by itself
  const long = ['2028-01-01', '2026-02-02', '2026-07-01'];
  const later = ['2026-01-01', '2026-02-01', '2026-06-01'];
  expect(await found((id) => targets(id, [null, null, null], later, long))).toMatchObject([
    { name: 'targets-apart', count: 2, examples: ids.slice(1).map((id) => encodeId('SalesTarget', id)) },
  ]);
});
