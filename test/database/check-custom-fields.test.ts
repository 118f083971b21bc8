import 'reflect-metadata';
import sql, { type Sql } from 'sql-template-tag';
import { checkOrganization } from '../../src/database/check.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { addCustomFields, mappingsWith, setMappings } from '../conversion/mapped-sales.ts';
import { Sales } from '../conversion/sales.ts';
import { ConversionTarget } from '../../src/conversion/conversion.enums.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let sales: Sales;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  sales = await Sales.open(world);
  await addCustomFields(sales);
});
afterAll(() => world.close());

const check = () => checkOrganization(world.database, sales.organization.id);
async function plant(statement: Sql): Promise<void> {
  await world.database.write(sales.admin, (tx) => tx.query(statement));
}

test.each([
  ['account-custom-values', '{"nothing": "x"}'],
  ['account-custom-values', '{"role": 1}'],
  ['account-custom-values', '{"role": null}'],
  ['account-custom-values', '{"role": ""}'],
  ['account-custom-values', '{"seats": 12.5}'],
  ['account-custom-values', '{"seats": "many"}'],
  ['account-custom-values', '{"isPublic": "true"}'],
  ['account-custom-values', '{"since": "tomorrow"}'],
  ['account-custom-values', '{"tier": ["Gold"]}'],
  ['account-picklist-values', '{"tier": "Tin"}'],
])('%s: %s is found', async (name, values) => {
  const sound = { role: 'CTO', seats: '-1.5', isPublic: false, since: '2026-02-24', tier: 'Gold' };
  await sales.account('Sound', { customFields: sound });
  const id = await sales.account('Acme');
  expect(await check()).toEqual([]);
  await plant(sql`update account set custom_fields = ${values}::jsonb
    where organization_id = ${sales.organization.id} and id = ${id}`);
  const found = await check();
  expect(found.find((one) => one.name === name)).toMatchObject({
    severity: name === 'account-picklist-values' ? 'warning' : 'error',
    ...{ count: 1, examples: [encodeId('Account', id)] },
  });
});

test('a mapping from or to a custom field that is no more is found', async () => {
  const organizationId = sales.organization.id;
  await setMappings(
    sales,
    mappingsWith([
      { target: ConversionTarget.CONTACT, field: 'custom.role', sources: ['title', 'custom.boss_id'] },
    ]),
  );
  expect(await check()).toEqual([]);
  for (const [recordType, key] of [
    ['LEAD', 'boss_id'],
    ['CONTACT', 'role'],
  ]) {
    const rename = (from: string, to: string) => sql`
      update custom_field set key = ${to}
      where organization_id = ${organizationId} and record_type = ${recordType} and key = ${from}`;
    await plant(rename(key!, 'gone'));
    expect(await check()).toMatchObject([
      { name: 'mapped-fields-exist', examples: [encodeId('Organization', organizationId)] },
    ]);
    await plant(rename('gone', key!));
  }
  expect(await check()).toEqual([]);
});
