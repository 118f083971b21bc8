import sql from 'sql-template-tag';
import { checkOrganization } from '../../src/database/check.ts';
import { ConversionTarget, MergePolicy } from '../../src/conversion/conversion.enums.ts';
import { updateCustomFields } from '../../src/custom-fields/custom-field-settings.ts';
import { CustomRecordType } from '../../src/custom-fields/custom-field.enums.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Refusal } from '../../src/graphql/user-error.ts';
import { openWorld, type World } from '../support/world.ts';
import { watchTenants } from '../support/tenant-bound.ts';
import { addCustomFields, mappingsWith, setMappings } from './mapped-sales.ts';
import { convertPlanned, preview } from './preview-sales.ts';
import { blockersOf, revert, visible } from './revert-sales.ts';
import { Sales } from './sales.ts';

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

const { ACCOUNT, CONTACT, OPPORTUNITY } = ConversionTarget;
const CUSTOM = mappingsWith([
  { target: ACCOUNT, field: 'custom.tier', sources: ['custom.tier'] },
  { target: ACCOUNT, field: 'custom.seats', sources: ['custom.seats', 'employees'] },
  { target: ACCOUNT, field: 'custom.constructor', sources: ['custom.constructor'] },
  { target: ACCOUNT, field: 'custom.renewal_key', sources: ['custom.renewal_key'] },
  { target: CONTACT, field: 'title', sources: ['title', 'custom.role'] },
  { target: CONTACT, field: 'phone', sources: ['mobile', 'phone'] },
  { target: CONTACT, field: 'custom.isPublic', sources: ['custom.isPublic'] },
  { target: OPPORTUNITY, field: 'custom.since', sources: ['custom.since'] },
  { target: OPPORTUNITY, field: 'nextStep', sources: ['custom.role'] },
]);

const customFields = {
  ...{ role: 'CTO', seats: '12.5', isPublic: false, since: '2026-02-24', tier: 'Gold' },
  ...{ constructor: 'odd', renewal_key: 'R1' },
};

/** By `TARGET.field`. */
const byName = <Field extends { target: string; field: string }>(fields: Field[]) =>
  Object.fromEntries(fields.map((field) => [`${field.target}.${field.field}`, field]));

async function put(id: string, values: Record<string, unknown>): Promise<void> {
  await world.database.write(sales.admin, (tx) =>
    tx.query(sql`update account set custom_fields = custom_fields || ${JSON.stringify(values)}::jsonb
      where organization_id = ${sales.organization.id} and id = ${id}`),
  );
}

test('custom fields go where the mapping says, into new records, as the preview shows; undone they are gone', async () => {
  await setMappings(sales, CUSTOM);
  const leadId = await sales.lead({ company: 'Acme', mobile: '+2', phone: '+1', employees: 7, customFields });
  const before = await visible(sales);
  const watch = watchTenants(world.database);
  const { plan, planToken } = await preview(sales, leadId);
  const done = await convertPlanned(sales, leadId, planToken);
  expect(await sales.row('account', done.accountId)).toMatchObject({
    custom_fields: { seats: '12.5', tier: 'Gold', constructor: 'odd', renewal_key: 'R1' },
  });
  expect(await sales.row('contact', done.contactId)).toMatchObject({
    ...{ title: 'CTO', phone: '+2', custom_fields: { isPublic: false } },
  });
  expect(await sales.row('opportunity', done.opportunityId!)).toMatchObject({
    ...{ next_step: 'CTO', custom_fields: { since: '2026-02-24' } },
  });
  const planned = byName(plan.fields);
  expect(planned['CONTACT.phone']).toMatchObject({
    ...{ source: '+2', sourceField: 'mobile', otherSources: [{ field: 'phone', value: '+1' }] },
    ...{ next: '+2', outcome: 'FILLED' },
  });
  expect(planned['ACCOUNT.custom.seats']).toMatchObject({
    ...{ source: '12.5', otherSources: [{ field: 'employees', value: '7' }], outcome: 'FILLED' },
  });
  const kept = await sales.rows<Record<string, string>>('conversion_field');
  expect(
    kept
      .map(({ target, field, source_field, value, outcome }) => [target, field, source_field, value, outcome])
      .sort(),
  ).toEqual(
    plan.fields
      .map(({ target, field, sourceField, source, outcome }) => [target, field, sourceField, source, outcome])
      .sort(),
  );
  const [audit] = await sales.rows<{ after: Record<string, unknown> }>(
    'audit_entry',
    `record_id = '${done.conversionId}'`,
  );
  expect(audit!.after['account']).toMatchObject({ 'custom.tier': 'Gold', 'custom.constructor': 'odd' });
  expect(await checkOrganization(world.database, sales.organization.id)).toEqual([]);
  await revert(sales, done.conversionId);
  watch.assertNone();
  expect(await visible(sales)).toEqual(before);
});

test("the organisation's policy holds unless the call has one, and opt-outs know no policy", async () => {
  const policy = MergePolicy.OVERWRITE;
  await setMappings(
    sales,
    mappingsWith([
      { target: ACCOUNT, field: 'custom.tier', sources: ['custom.tier'], policy },
      { target: ACCOUNT, field: 'industry', sources: ['industry'], policy },
      { target: ACCOUNT, field: 'rating', sources: ['rating'], policy: MergePolicy.KEEP },
    ]),
  );
  const join = async (mergePolicy: { target: ConversionTarget; field: string; policy: MergePolicy }[]) => {
    const accountId = await sales.account('Acme', { industry: 'Retail', customFields: { tier: 'Silver' } });
    const leadId = await sales.lead({ company: 'Beta', industry: 'Banking', rating: 'Hot', customFields });
    const account = { existing: encodeId('Account', accountId) };
    const { plan, planToken } = await preview(sales, leadId, { account, mergePolicy });
    await convertPlanned(sales, leadId, planToken);
    return { planned: byName(plan.fields), account: await sales.row('account', accountId) };
  };
  const byDefault = await join([]);
  expect(byDefault.account).toMatchObject({
    industry: 'Banking',
    rating: null,
    custom_fields: { tier: 'Gold' },
  });
  expect(byDefault.planned['ACCOUNT.custom.tier']).toMatchObject({
    outcome: 'OVERWRITTEN',
    current: 'Silver',
  });
  const called = await join([
    { target: ACCOUNT, field: 'custom.tier', policy: MergePolicy.KEEP },
    { target: ACCOUNT, field: 'rating', policy: MergePolicy.FILL_EMPTY },
  ]);
  expect(called.account).toMatchObject({
    industry: 'Banking',
    rating: 'Hot',
    custom_fields: { tier: 'Silver' },
  });
  const leadId = await sales.lead({ company: 'New' });
  expect(
    await sales.refusal(leadId, { mergePolicy: [{ target: ACCOUNT, field: 'custom.role', policy }] }),
  ).toMatchObject({ code: 'INVALID_INPUT', path: ['mergePolicy', '0', 'field'] });
});

test('an undoing puts back the custom fields the conversion wrote, and leaves what was written beside them', async () => {
  const policy = MergePolicy.OVERWRITE;
  await setMappings(
    sales,
    mappingsWith([
      { target: ACCOUNT, field: 'custom.tier', sources: ['custom.tier'], policy },
      { target: ACCOUNT, field: 'custom.seats', sources: ['custom.seats'], policy },
      { target: ACCOUNT, field: 'custom.isPublic', sources: ['custom.isPublic'], policy },
      { target: ACCOUNT, field: 'custom.boss_id', sources: ['custom.boss_id'], policy },
    ]),
  );
  const accountId = await sales.account('Acme', {
    customFields: { tier: 'Silver', role: 'old', isPublic: true, boss_id: 'B "1" \\' },
  });
  const leadId = await sales.lead({ company: 'Acme', customFields: { ...customFields, boss_id: 'B2' } });
  const { conversionId } = await sales.convert(leadId);
  expect(await sales.row('account', accountId)).toMatchObject({
    custom_fields: { tier: 'Gold', seats: '12.5', isPublic: false, boss_id: 'B2', role: 'old' },
  });
  await put(accountId, { role: 'new', since: '2026-01-01' });
  await revert(sales, conversionId);
  expect((await sales.row('account', accountId))['custom_fields']).toEqual({
    ...{ tier: 'Silver', isPublic: true, boss_id: 'B "1" \\', role: 'new', since: '2026-01-01' },
  });
  const [, undone] = await sales.rows<{ before: object; after: object }>(
    'audit_entry',
    `record_id = '${accountId}'`,
  );
  expect(undone!.before).toMatchObject({
    'custom.tier': 'Gold',
    'custom.seats': '12.5',
    'custom.isPublic': false,
  });
  expect(undone!.after).toMatchObject({
    'custom.tier': 'Silver',
    'custom.seats': null,
    'custom.isPublic': true,
  });

  const again = await sales.convert(leadId);
  await put(accountId, { tier: 'Silver', renewal_key: 'x' });
  expect(await blockersOf(sales, again.conversionId)).toEqual([
    ['Account', accountId, 'The account was changed since: custom.tier'],
  ]);
});

test('a custom field added to a record the conversion made keeps it from being undone', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const { conversionId, accountId } = await sales.convert(leadId);
  await put(accountId, { renewal_key: 'x' });
  expect(await blockersOf(sales, conversionId)).toEqual([
    ['Account', accountId, 'The account was changed since: custom.renewal_key'],
  ]);
});

test('a later conversion that found a custom field this one wrote keeps it from being undone', async () => {
  await setMappings(sales, CUSTOM);
  const accountId = await sales.account('Acme');
  const first = await sales.convert(await sales.lead({ company: 'Acme', customFields }));
  const second = await sales.convert(
    await sales.lead({ company: 'Acme', lastName: 'Other', customFields: { tier: 'Silver' } }),
  );
  expect([first.accountId, second.accountId]).toEqual([accountId, accountId]);
  expect(await blockersOf(sales, first.conversionId)).toContainEqual([
    ...['LeadConversion', second.conversionId, 'A later conversion relies on what this one wrote'],
  ]);
});

test('the input gives custom fields of new records, mapped or not, and empties mapped ones', async () => {
  await setMappings(sales, CUSTOM);
  const leadId = await sales.lead({ company: 'Acme', customFields });
  const input = {
    account: { create: { customFields: { tier: 'silver', role: 'Buyer', seats: null } } },
    contact: { create: { customFields: { since: '2025-01-01' } } },
    opportunity: { create: { customFields: { boss_id: 'B' } } },
  };
  const { plan, planToken } = await preview(sales, leadId, input);
  const done = await convertPlanned(sales, leadId, planToken);
  expect((await sales.row('account', done.accountId))['custom_fields']).toEqual({
    ...{ tier: 'Silver', role: 'Buyer', constructor: 'odd', renewal_key: 'R1' },
  });
  expect((await sales.row('contact', done.contactId))['custom_fields']).toEqual({
    ...{ isPublic: false, since: '2025-01-01' },
  });
  expect((await sales.row('opportunity', done.opportunityId!))['custom_fields']).toEqual({
    ...{ since: '2026-02-24', boss_id: 'B' },
  });
  const planned = byName(plan.fields);
  expect(planned['ACCOUNT.custom.seats']).toMatchObject({ next: null, outcome: 'DROPPED' });
  expect(planned['ACCOUNT.custom.role']).toMatchObject({
    next: 'Buyer',
    outcome: 'FILLED',
    sourceField: null,
  });
  const other = await sales.lead({ company: 'Other' });
  for (const [part, path] of [
    ['account', ['account', 'create', 'customFields', 'rank']],
    ['contact', ['contact', 'create', 'customFields', 'rank']],
    ['opportunity', ['opportunity', 'create', 'customFields', 'rank']],
  ] as const)
    expect(await sales.refusal(other, { [part]: { create: { customFields: { rank: 1 } } } })).toMatchObject({
      path,
    });
});

test('a field that is not mapped any more is still the input’s to give', async () => {
  await setMappings(
    sales,
    mappingsWith([]).filter(({ field }) => field !== 'industry'),
  );
  const leadId = await sales.lead({ company: 'Acme', industry: 'Banking' });
  const { accountId } = await sales.convert(leadId, { account: { create: { industry: 'Retail' } } });
  expect(await sales.row('account', accountId)).toMatchObject({ industry: 'Retail' });
});

test('a text too long for a custom field is not cut but dropped, and a shorter one of the next source taken', async () => {
  const { target, sources } = { target: CONTACT, sources: ['title', 'source'] };
  await setMappings(sales, mappingsWith([{ target, field: 'custom.role', sources }]));
  const title = 'x'.repeat(300);
  const long = await sales.lead({ company: 'Acme', title });
  expect(byName((await preview(sales, long)).plan.fields)['CONTACT.custom.role']).toMatchObject({
    ...{ outcome: 'DROPPED', source: title, next: null },
  });
  const both = await sales.lead({ company: 'Beta', title, source: 'Web' });
  expect(byName((await preview(sales, both)).plan.fields)['CONTACT.custom.role']).toMatchObject({
    ...{ outcome: 'FILLED', sourceField: 'source', next: 'Web' },
  });
});

test('a plan ends with a change of the mapping or of a custom field, not with a new label', async () => {
  const leadId = await sales.lead({ company: 'Acme', customFields });
  const relabelled = await preview(sales, leadId);
  const define = (label: string, options: string[]) =>
    world.database.write(sales.admin, async (tx) => {
      const { rows } = {
        rows: await tx.query<{ key: string; type: never; options: string[] }>(sql`
        select key, type, options from custom_field
        where organization_id = ${sales.organization.id} and record_type = 'LEAD' order by position`),
      };
      const fields = rows.map((row) => ({
        ...row,
        label,
        options: row.key === 'tier' ? options : undefined,
      }));
      return updateCustomFields(tx, sales.admin, { recordType: CustomRecordType.LEAD, fields });
    });
  await define('Another label', ['Gold', 'Silver']);
  const { planToken } = await preview(sales, leadId);
  await define('Another label', ['Gold', 'Silver', 'Bronze']);
  const expired = await convertPlanned(sales, leadId, planToken).catch((error: unknown) => error);
  expect((expired as Refusal).errors).toMatchObject([
    { code: 'PLAN_EXPIRED', changes: ['organisation: settings changed'] },
  ]);
  await define('Another label', ['Gold', 'Silver']);
  const mapped = await preview(sales, leadId);
  await setMappings(sales, CUSTOM);
  const remapped = await convertPlanned(sales, leadId, mapped.planToken).catch((error: unknown) => error);
  expect((remapped as Refusal).errors[0]!.changes).toContain('organisation: settings changed');
  await setMappings(sales, null);
  await convertPlanned(sales, leadId, relabelled.planToken);
});

test('a conversion and a change of the mapping at one time: as one after the other', async () => {
  for (let round = 0; round < 8; round++) {
    await setMappings(sales, null);
    const leadId = await sales.lead({ company: `Firm ${round}`, customFields });
    const [{ accountId, contactId }] = await Promise.all([sales.convert(leadId), setMappings(sales, CUSTOM)]);
    const isMapped =
      Object.keys((await sales.row('account', accountId))['custom_fields'] as object).length > 0;
    expect((await sales.row('contact', contactId))['title']).toBe(isMapped ? 'CTO' : null);
  }
  expect(await checkOrganization(world.database, sales.organization.id)).toEqual([]);
}, 60_000);
