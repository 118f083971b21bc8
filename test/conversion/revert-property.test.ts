import fc from 'fast-check';
import sql from 'sql-template-tag';
import { ConversionTarget, MergePolicy } from '../../src/conversion/conversion.enums.ts';
import { checkOrganization } from '../../src/database/check.ts';
import { changedValues } from '../../src/database/custom-names.ts';
import { BuyingRole } from '../../src/contacts/contact.enums.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Refusal } from '../../src/graphql/user-error.ts';
import { openWorld, type World } from '../support/world.ts';
import { addCustomFields, mappingsWith, setMappings } from './mapped-sales.ts';
import { activity, campaign, contactRole, matchAll, member, revert, visible } from './revert-sales.ts';
import { Sales } from './sales.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const text = maybe(fc.constantFrom('a', 'B b', 'O\'Brien "x" \\ {}', 'Ünï – ☃'));
const money = maybe(fc.bigInt(0n, 2n ** 63n - 1n));
const day = maybe(
  fc.integer({ min: 0, max: 300 }).map((days) => new Date(Date.UTC(2026, 0, 1 + days, 3, 4, 5, 6))),
);

/** Of some of the fields of `addCustomFields`; what is null has no value. */
const custom = fc
  .record({
    ...{ role: text, constructor: text, renewal_key: text, isPublic: maybe(fc.boolean()) },
    ...{ seats: maybe(fc.constantFrom('0', '-12.5', '1' + '0'.repeat(25))) },
    tier: maybe(fc.constantFrom('Gold', 'Silver')),
  })
  .map((values) => changedValues({}, values));
const policies = fc.array(fc.constantFrom(...Object.values(MergePolicy)), { minLength: 12, maxLength: 12 });

/** Custom fields of every record from those of the lead, and standard ones from several, by these policies. */
function mappingsBy(policy: MergePolicy[]) {
  const of = (target: ConversionTarget, field: string, ...sources: string[]) => ({ target, field, sources });
  const { ACCOUNT, CONTACT, OPPORTUNITY } = ConversionTarget;
  return mappingsWith(
    [
      ...[
        of(ACCOUNT, 'custom.tier', 'custom.tier'),
        of(ACCOUNT, 'custom.seats', 'custom.seats', 'employees'),
      ],
      ...[
        of(ACCOUNT, 'custom.constructor', 'custom.constructor'),
        of(ACCOUNT, 'industry', 'industry', 'custom.role'),
      ],
      ...[of(ACCOUNT, 'custom.renewal_key', 'custom.renewal_key'), of(ACCOUNT, 'phone', 'mobile', 'phone')],
      ...[
        of(CONTACT, 'title', 'title', 'custom.role'),
        of(CONTACT, 'custom.isPublic', 'custom.isPublic', 'doNotCall'),
      ],
      ...[of(CONTACT, 'custom.role', 'custom.role', 'industry'), of(CONTACT, 'source', 'source')],
      ...[of(OPPORTUNITY, 'custom.seats', 'custom.seats'), of(OPPORTUNITY, 'nextStep', 'custom.role')],
    ].map((change, index) => ({ ...change, policy: policy[index]! })),
  );
}

const company = fc.record({
  ...{ industry: text, phone: text, rating: text, street: text, city: text, country: text },
  employees: maybe(fc.nat(5000)),
  annualRevenue: money,
  website: maybe(fc.constantFrom('acme.com', 'https://www.other.org/x')),
});
const person = fc.record({
  ...{ firstName: text, title: text, mobile: text, source: text, description: text },
  email: maybe(fc.constantFrom('rose@acme.com', 'joe@gmail.com')),
  doNotCall: fc.boolean(),
  emailOptOut: fc.boolean(),
});

const scene = fc.record({
  company,
  person,
  account: maybe(company),
  contact: maybe(person),
  deal: maybe(
    fc.record({
      source: text,
      role: maybe(fc.constantFrom(...Object.values(BuyingRole))),
      hasOther: fc.boolean(),
    }),
  ),
  target: fc.constantFrom('match', 'create', 'existing'),
  opportunity: fc.constantFrom('none', 'create', 'existing'),
  role: maybe(fc.constantFrom(...Object.values(BuyingRole))),
  overwriteLeadSource: fc.boolean(),
  activities: fc.array(
    fc.record({ isOpen: fc.boolean(), atAccount: fc.boolean(), ofContact: fc.boolean() }),
    { maxLength: 4 },
  ),
  campaigns: fc.array(
    fc.record({ lead: fc.boolean(), contact: fc.boolean(), responses: fc.tuple(day, day) }),
    { maxLength: 3 },
  ),
  rival: fc.boolean(),
  mapping: maybe(policies),
  custom: fc.record({ lead: custom, account: custom, contact: custom, deal: custom, beside: fc.boolean() }),
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

const currency = (revenue: bigint | null) => ({ annualRevenueCurrency: revenue === null ? null : 'EUR' });

/** A lead with its surroundings, and how it is to be converted. */
async function build(sales: Sales, of: Scene) {
  await addCustomFields(sales);
  if (of.mapping) await setMappings(sales, mappingsBy(of.mapping));
  const accountId =
    of.account &&
    (await sales.account('Acme', {
      ...of.account,
      ...currency(of.account.annualRevenue),
      customFields: of.custom.account,
    }));
  const contactId =
    accountId &&
    of.contact &&
    (await sales.contact('Gonzalez', { accountId, ...of.contact, customFields: of.custom.contact }));
  const dealId =
    accountId &&
    of.deal &&
    (await sales.opportunity('Deal', { accountId, source: of.deal.source, customFields: of.custom.deal }));
  if (dealId && contactId && of.deal?.role)
    await contactRole(sales, { opportunityId: dealId, contactId, role: of.deal.role });
  if (dealId && of.deal?.hasOther) {
    const other = await sales.contact('Other', { accountId });
    await contactRole(sales, { opportunityId: dealId, contactId: other, isPrimary: true });
  }
  const leadId = await sales.lead({
    company: 'Acme',
    ...of.company,
    ...currency(of.company.annualRevenue),
    ...of.person,
    customFields: of.custom.lead,
  });
  if (of.rival) await sales.lead({ company: 'ACME Inc.', lastName: 'Rival', email: 'rival@acme.com' });
  const bob = await sales.user('Bob');
  for (const { isOpen, atAccount, ofContact } of of.activities)
    await activity(sales, {
      ...{ leadId, isOpen, ownerId: isOpen ? bob : null },
      accountId: atAccount ? accountId : null,
      contactId: ofContact ? contactId : null,
    });
  for (const [index, { lead, contact, responses }] of of.campaigns.entries()) {
    const campaignId = await campaign(sales, `Campaign ${index}`);
    if (lead) await member(sales, { campaignId, leadId, respondedAt: responses[0] });
    if (contact && contactId) await member(sales, { campaignId, contactId, respondedAt: responses[1] });
  }
  await matchAll(sales);
  const isExisting = of.target === 'existing' && accountId;
  return {
    leadId,
    accountId,
    input: {
      allowDuplicate: true,
      overwriteLeadSource: of.overwriteLeadSource,
      ...(isExisting && { account: { existing: encodeId('Account', accountId) } }),
      ...(isExisting && contactId && { contact: { existing: encodeId('Contact', contactId) } }),
      ...(of.target === 'create' && { account: { create: {} } }),
      ...(of.opportunity === 'none' && { opportunity: { none: true } }),
      ...(of.opportunity === 'existing' &&
        isExisting &&
        dealId && { opportunity: { existing: { id: encodeId('Opportunity', dealId), role: of.role } } }),
    },
  };
}

const BESIDE = { boss_id: 'edited since' };

async function besides(sales: Sales, accountId: string): Promise<void> {
  await sales.world.database.write(sales.admin, (tx) =>
    tx.query(sql`update account set custom_fields = custom_fields || ${JSON.stringify(BESIDE)}::jsonb
      where organization_id = ${sales.organization.id} and id = ${accountId}`),
  );
}

test('converting and undoing it leaves everything as it was, whatever the lead and its targets', async () => {
  await fc.assert(
    fc.asyncProperty(scene, async (of) => {
      const sales = await Sales.open(world);
      const { leadId, accountId, input } = await build(sales, of);
      const before = await visible(sales);
      const converted = await sales.convert(leadId, input).catch((error: unknown) => {
        if (error instanceof Refusal) return null;
        throw error;
      });
      if (!converted) return;
      // an edit beside what was written neither blocks nor is undone
      if (of.custom.beside && accountId) {
        await besides(sales, accountId);
        for (const row of before['account']!)
          if (row['id'] === accountId)
            row['custom_fields'] = { ...(row['custom_fields'] as object), ...BESIDE };
      }
      await revert(sales, converted.conversionId);
      expect(await visible(sales)).toEqual(before);
      expect(await checkOrganization(world.database, sales.organization.id)).toEqual([]);
      // and once more: what the first left behind is in nobody's way
      const again = await sales.convert(leadId, input);
      await revert(sales, again.conversionId);
      expect(await visible(sales)).toEqual(before);
    }),
    { numRuns: 60 },
  );
}, 240_000);
