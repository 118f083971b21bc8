import sql, { raw } from 'sql-template-tag';
import { checkOrganization } from '../../src/database/check.ts';
import { Sales } from '../conversion/sales.ts';
import { acc, con, merge, mergePeople } from '../merging/merge-sales.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const violated = async (sales: Sales) =>
  (await checkOrganization(world.database, sales.organization.id)).map(({ name, count, examples }) => [
    name,
    count,
    examples,
  ]);

const set = (sales: Sales, table: string, column: string, value: string, id: string) =>
  world.database.write(sales.admin, (tx) =>
    tx.query(sql`
      update ${raw(table)} set ${raw(column)} = ${value}
      where organization_id = ${sales.organization.id} and id = ${id}`),
  );

test('what still refers to a merged-away record is reported, and nothing else', async () => {
  const sales = await Sales.open(world);
  const [a, b] = [await sales.account('A'), await sales.account('B')];
  const [x, y] = [await sales.contact('X', { accountId: a }), await sales.contact('Y', { accountId: a })];
  const child = await sales.account('Child');
  const { conversionId } = await sales.convert(await sales.lead(), {
    account: { existing: acc(a) },
    contact: { existing: con(x) },
  });
  await merge(sales, a, [b]);
  await mergePeople(sales, x, [y]);
  expect(await violated(sales)).toEqual([]);
  await set(sales, 'account', 'parent_id', b, child);
  expect(await violated(sales)).toEqual([['merged-account-is-left', 1, [acc(b)]]]);
  await set(sales, 'account', 'parent_id', a, child);
  const [role] = await sales.rows<{ id: string }>('opportunity_contact_role');
  await set(sales, 'opportunity_contact_role', 'contact_id', y, role!.id);
  expect(await violated(sales)).toEqual([['merged-contact-is-left', 1, [con(y)]]]);
  await set(sales, 'opportunity_contact_role', 'contact_id', x, role!.id);
  await set(sales, 'lead_conversion', 'contact_id', y, conversionId);
  expect(await violated(sales)).toEqual([['merged-contact-is-left', 1, [con(y)]]]);
});

test('a chain of merges and a survivor that is gone are reported', async () => {
  const sales = await Sales.open(world);
  const [a, b, c] = [await sales.account('A'), await sales.account('B'), await sales.account('C')];
  await merge(sales, b, [a]);
  await merge(sales, c, [b]);
  await set(sales, 'account', 'merged_into_id', b, a);
  expect(await violated(sales)).toEqual([['merged-account-has-survivor', 1, [acc(a)]]]);
});
