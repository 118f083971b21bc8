import fc from 'fast-check';
import sql, { raw } from 'sql-template-tag';
import { ConversionTarget, FieldOutcome, MergePolicy } from '../../src/conversion/conversion.enums.ts';
import type { FieldMergePolicy } from '../../src/conversion/conversion.inputs.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { openWorld, type World } from '../support/world.ts';
import { convertPlanned, preview } from './preview-sales.ts';
import { Sales } from './sales.ts';

let world: World;
let sales: Sales;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  sales = await Sales.open(world);
});
afterAll(() => world.close());

const { ACCOUNT, CONTACT, OPPORTUNITY } = ConversionTarget;
const of = (target: ConversionTarget, field: string, policy: MergePolicy): FieldMergePolicy => ({
  target,
  field,
  policy,
});
const later = new Date('2026-02-02T09:00:00Z');

async function touch(table: string, id: string): Promise<void> {
  const organizationId = sales.organization.id;
  const touched = await world.database.write(sales.admin, (tx) =>
    tx.query(sql`
      update ${raw(table)} set updated_at = ${later}
      where organization_id = ${organizationId} and id = ${id} returning id`),
  );
  expect(touched).toHaveLength(1);
}

/** Converts a lead into an account with other values, and returns what the account has then. */
async function joined(mergePolicy: FieldMergePolicy[], newer: 'lead' | 'account' | 'none' = 'none') {
  const accountId = await sales.account('Acme', { industry: 'Retail', phone: '+1' });
  const leadId = await sales.lead({ company: 'Beta', industry: 'Banking', phone: '+2', rating: 'Hot' });
  const touched = { lead: ['lead', leadId], account: ['account', accountId], none: null }[newer];
  if (touched) await touch(touched[0]!, touched[1]!);
  const { conversionId } = await sales.convert(leadId, {
    account: { existing: encodeId('Account', accountId) },
    opportunity: { none: true },
    mergePolicy,
  });
  const account = await sales.row('account', accountId);
  const provenance = await sales.rows<Record<string, string>>(
    'conversion_field',
    `conversion_id = '${conversionId}' and target = 'ACCOUNT'`,
  );
  const outcomes = Object.fromEntries(
    provenance.map((row) => [row['field'], [row['outcome'], row['value']]]),
  );
  return { account, outcomes };
}

test('OVERWRITE takes the value of the lead, and says so in the provenance', async () => {
  const { account, outcomes } = await joined([of(ACCOUNT, 'industry', MergePolicy.OVERWRITE)]);
  expect(account).toMatchObject({ industry: 'Banking', industry_key: 'banking', phone: '+1', rating: 'Hot' });
  expect(outcomes).toMatchObject({
    ...{ industry: ['OVERWRITTEN', 'Banking'], phone: ['KEPT', '+2'], rating: ['FILLED', 'Hot'] },
  });
});

test('OVERWRITE takes the spelling of the lead, too; without it the same value in another spelling stays', async () => {
  const accountId = await sales.account('Muller', { industry: 'retail' });
  const leadId = await sales.lead({ company: 'Müller', industry: 'Retail' });
  await sales.convert(leadId, {
    account: { existing: encodeId('Account', accountId) },
    opportunity: { none: true },
    mergePolicy: [of(ACCOUNT, 'name', MergePolicy.OVERWRITE)],
  });
  expect(await sales.row('account', accountId)).toMatchObject({
    ...{ name: 'Müller', name_key: 'muller', industry: 'retail' },
  });
});

test('an overwritten name is found by, and matched by, at once', async () => {
  const waiting = await sales.lead({ company: 'Beta', lastName: 'Waiting' });
  const { account } = await joined([of(ACCOUNT, 'name', MergePolicy.OVERWRITE)]);
  expect(account).toMatchObject({ name: 'Beta', name_key: 'beta', match_key: 'beta' });
  expect(await sales.row('lead', waiting)).toMatchObject({ matched_account_id: account['id'] });
});

test('KEEP leaves a field as it is, even empty', async () => {
  const { account, outcomes } = await joined([
    of(ACCOUNT, 'rating', MergePolicy.KEEP),
    of(ACCOUNT, 'phone', MergePolicy.KEEP),
  ]);
  expect(account).toMatchObject({ rating: null, phone: '+1' });
  expect(outcomes).toMatchObject({ rating: ['DROPPED', 'Hot'], phone: ['KEPT', '+2'] });
});

test('NEWEST takes the side that was changed last, and the record when both are of one time', async () => {
  const policies = [of(ACCOUNT, 'phone', MergePolicy.NEWEST), of(ACCOUNT, 'rating', MergePolicy.NEWEST)];
  expect((await joined(policies, 'lead')).account).toMatchObject({ phone: '+2', rating: 'Hot' });
  expect((await joined(policies, 'account')).account).toMatchObject({ phone: '+1', rating: 'Hot' });
  expect((await joined(policies)).account).toMatchObject({ phone: '+1', rating: 'Hot' });
});

test('the same number in another currency is another amount', async () => {
  const accountId = await sales.account('Acme', { annualRevenue: 100n, annualRevenueCurrency: 'EUR' });
  const leadId = await sales.lead({ company: 'Acme', annualRevenue: 100n, annualRevenueCurrency: 'USD' });
  await sales.convert(leadId, { mergePolicy: [of(ACCOUNT, 'annualRevenue', MergePolicy.OVERWRITE)] });
  expect(await sales.row('account', accountId)).toMatchObject({
    annual_revenue: '100',
    annual_revenue_currency: 'USD',
  });
});

test('one policy for a field, and only for fields that a lead fills', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const twice = [of(CONTACT, 'title', MergePolicy.KEEP), of(CONTACT, 'title', MergePolicy.KEEP)];
  const path = ['mergePolicy', '1', 'field'];
  expect(await sales.refusal(leadId, { mergePolicy: twice })).toMatchObject({ code: 'INVALID_INPUT', path });
  const source = [of(CONTACT, 'source', MergePolicy.KEEP)];
  expect(await sales.refusal(leadId, { mergePolicy: source, overwriteLeadSource: true })).toMatchObject({
    ...{ code: 'INVALID_INPUT', path: ['mergePolicy', '0', 'field'] },
  });
  expect(
    await sales.refusal(leadId, { mergePolicy: [of(OPPORTUNITY, 'amount', MergePolicy.KEEP)] }),
  ).toMatchObject({ code: 'INVALID_INPUT', allowed: ['source', 'campaign'] });
});

const value = fc.constantFrom(null, 'A', 'B');
const company = fc.record({ industry: value, phone: value, rating: value, street: value, city: value });
const person = fc.record({
  ...{ firstName: value, title: value, phone: value, source: value, city: value, description: value },
  ...{ doNotCall: fc.boolean(), emailOptOut: fc.boolean() },
});
const fields = {
  ACCOUNT: ['name', 'industry', 'phone', 'rating', 'street', 'city'],
  CONTACT: ['firstName', 'title', 'phone', 'source', 'city', 'doNotCall', 'emailOptOut'],
  OPPORTUNITY: ['source'],
};
const policy = fc.constantFrom(...Object.values(ConversionTarget)).chain((target) =>
  fc.record({
    target: fc.constant(target),
    field: fc.constantFrom(...fields[target]),
    policy: fc.constantFrom(...Object.values(MergePolicy)),
  }),
);
const scene = fc.record({
  ...{ lead: fc.tuple(company, person), account: fc.option(company), contact: fc.option(person) },
  deal: fc.constantFrom('create', 'existing', 'none'),
  explicit: fc.boolean(),
  newer: fc.constantFrom('lead', 'account', 'contact'),
  dealSource: value,
  policies: fc.uniqueArray(policy, { maxLength: 8, selector: ({ target, field }) => `${target}.${field}` }),
});

test('what a preview shows is what a conversion does, for any lead, targets and policies', async () => {
  let overwritten = 0;
  await fc.assert(
    fc.asyncProperty(
      scene,
      async ({ lead, account, contact, deal, explicit, newer, dealSource, policies }) => {
        const company = `Firm ${Math.random().toString(36).slice(2)}`;
        const domain = `${company.slice(5)}.example`;
        const email = `rose@${domain}`;
        const leadId = await sales.lead({ ...lead[0], ...lead[1], company, email, domain });
        const accountId = account && (await sales.account(`${company} Ltd`, { ...account, domain }));
        const contactId =
          accountId && contact && (await sales.contact('Other', { ...contact, accountId, email }));
        const dealId =
          accountId && deal === 'existing'
            ? await sales.opportunity('Deal', { accountId, source: dealSource })
            : null;
        const changed = { lead: leadId, account: accountId, contact: contactId }[newer];
        if (changed) await touch(newer, changed);

        const { plan, planToken } = await preview(sales, leadId, {
          mergePolicy: policies,
          ...(explicit && accountId ? { account: { existing: encodeId('Account', accountId) } } : {}),
          ...(dealId ? { opportunity: { existing: { id: encodeId('Opportunity', dealId) } } } : {}),
          ...(deal === 'none' ? { opportunity: { none: true } } : {}),
        });
        const done = await convertPlanned(sales, leadId, planToken);

        const conversion = await sales.row('lead_conversion', done.conversionId);
        expect(conversion).toMatchObject({
          ...{ account_outcome: plan.account.outcome, contact_outcome: plan.contact.outcome },
          opportunity_outcome: plan.opportunity?.outcome ?? null,
        });
        expect(plan.account.existing?.id ?? null).toBe(accountId);
        expect(plan.contact.existing?.id ?? null).toBe(contactId);
        if (accountId) expect(done.accountId).toBe(accountId);
        if (contactId) expect(done.contactId).toBe(contactId);

        const provenance = await sales.rows('conversion_field', `conversion_id = '${done.conversionId}'`);
        const told = (row: Record<string, unknown>) => `${row['target']}.${row['field']} ${row['outcome']}`;
        expect(provenance.map(told).sort()).toEqual(plan.fields.map((field) => told({ ...field })).sort());

        const rows = {
          ACCOUNT: await sales.row('account', done.accountId),
          CONTACT: await sales.row('contact', done.contactId),
          OPPORTUNITY: done.opportunityId ? await sales.row('opportunity', done.opportunityId) : null,
        };
        for (const { target, field, next, outcome } of plan.fields) {
          const column = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
          const stored = rows[target]?.[column] ?? null;
          if (outcome === FieldOutcome.OVERWRITTEN) overwritten++;
          expect([target, field, stored === null ? null : String(stored)]).toEqual([
            target,
            field,
            stored === false ? 'false' : next,
          ]);
        }
        for (const flag of ['doNotCall', 'emailOptOut'] as const) {
          const column = flag === 'doNotCall' ? 'do_not_call' : 'email_opt_out';
          expect(rows.CONTACT[column]).toBe(lead[1][flag] || ((contactId && contact?.[flag]) ?? false));
        }
        const roles = done.opportunityId
          ? await sales.rows(
              'opportunity_contact_role',
              `opportunity_id = '${done.opportunityId}' and is_primary`,
            )
          : [];
        expect(roles).toHaveLength(done.opportunityId ? 1 : 0);
      },
    ),
    { numRuns: 150 },
  );
  // else the scenes say nothing about policies
  expect(overwritten).toBeGreaterThan(0);
}, 240_000);
