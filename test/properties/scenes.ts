import fc from 'fast-check';
import type { Mapping, MergePolicy, Policy, RoleName, Target } from './model/records.ts';

/** What random conversions are drawn from: few values, so that they meet, and rare cases often enough. */

const rarely = <T, U = T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<U>, weight = 8): fc.Arbitrary<T | U> =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: rare });
const flag = (weight: number) => rarely(fc.constant(false), fc.constant(true), weight);
const optional = <T>(values: fc.Arbitrary<T>, freq = 1) => fc.option(values, { nil: undefined, freq });
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 2 });
/** A place in a list; most things meet at the first. */
const nth = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2) },
);

const COMPANIES = [
  ...['Acme', 'ACME Inc.', 'Acmé GmbH', 'Acme Optics', 'Acme Optic Ltd'],
  ...['Umbrella', 'Umbrella Holding', 'Ünïted ☃ Snow'],
];
const WEBSITES = ['acme.com', 'https://www.acme.com/shop', 'www.umbrella.co.uk', 'http://snow.example.org'];
const EMAILS = [
  ...['rose@acme.com', 'Rose@ACME.com', 'rose@umbrella.co.uk', 'rose@gmail.com', 'joe@mail.acme.com'],
  'joe@web.de',
];
const text = maybe(fc.constantFrom('a', 'B b', 'O\'Brien "x" \\ {}', 'Ünï – ☃'));
const buyingRole = fc.constantFrom('CHAMPION', 'DECISION_MAKER', 'USER');
const money = fc.bigInt(0n, 2n ** 60n);

const address = fc.oneof(
  fc.constant({}),
  fc.constantFrom(
    { city: 'Hamburg', country: 'DE' },
    { city: 'Bremen' },
    { street: 'Weg 1', city: 'Bremen' },
  ),
  fc.record({ ...{ street: text, city: text, state: text, postalCode: text, country: text } }),
);
/** Of fields that the scene may have no use for. */
const custom = fc.record(
  {
    region: fc.constantFrom('North', 'Süd', 'a'),
    seats: fc.constantFrom('1', '12.5'),
    vip: fc.boolean(),
    since: fc.constantFrom('2026-02-24', '1999-12-31'),
    tier: fc.constantFrom('Gold', 'Silver'),
  },
  { requiredKeys: [] },
);

const company = fc.record({
  ...{ website: maybe(fc.constantFrom(...WEBSITES)), industry: text, phone: text, rating: text },
  employees: maybe(fc.nat(5000)),
  annualRevenue: maybe(money),
  annualRevenueCurrency: fc.constantFrom('EUR', 'USD'),
  address,
  isNewer: fc.boolean(),
  isDeleted: flag(20),
  custom,
});
const person = fc.record({
  ...{ firstName: maybe(fc.constantFrom('Rose', 'Joe')), title: text, mobile: text, phone: text },
  ...{ source: maybe(fc.constantFrom('Web', 'Fair')), description: text },
  lastName: fc.constantFrom('Gonzalez', 'Gonzaléz', 'Meyer'),
  email: maybe(fc.constantFrom(...EMAILS)),
  doNotCall: fc.boolean(),
  emailOptOut: fc.boolean(),
  address,
  custom,
});

const account = fc.record({ name: fc.constantFrom(...COMPANIES), of: company });
const contact = fc.record({ of: person, account: nth, isNewer: fc.boolean(), isDeleted: flag(15) });
const deal = fc.record({
  account: nth,
  stage: rarely(fc.integer({ min: 1, max: 4 }), fc.constantFrom(9, 10), 4),
  source: text,
  campaign: optional(nth, 2),
  custom,
  isNewer: fc.boolean(),
  isDeleted: flag(12),
  parts: fc.uniqueArray(fc.record({ contact: nth, role: maybe(buyingRole), isPrimary: fc.boolean() }), {
    maxLength: 2,
    selector: ({ contact: one }) => one,
  }),
});
const lead = fc.record({
  company: rarely(fc.constantFrom(...COMPANIES), fc.constant(null), 6),
  of: person,
  at: company,
  isNewer: fc.boolean(),
  chosen: rarely(fc.constant(undefined), nth, 6),
  campaign: optional(nth),
  state: rarely(fc.constant('open'), fc.constantFrom('converted', 'deleted'), 18),
  owner: rarely(fc.constantFrom('admin', 'other'), fc.constantFrom('queue', 'queue', 'nobody'), 4),
});

/** What an organisation may say instead of the standard mapping; no source: the field is left alone. */
const change = (target: Target, field: string, sources: string[]) =>
  fc
    .constantFrom<MergePolicy>('FILL_EMPTY', 'FILL_EMPTY', 'OVERWRITE', 'NEWEST', 'KEEP')
    .map((policy): Mapping => ({ target, field, sources, policy }));
const mappings = fc.option(
  fc.uniqueArray(
    fc.oneof(
      ...[
        change('ACCOUNT', 'custom.region', ['custom.region', 'industry']),
        change('ACCOUNT', 'custom.seats', ['custom.seats', 'employees']),
        change('ACCOUNT', 'custom.tier', ['custom.tier']),
        change('ACCOUNT', 'custom.vip', ['custom.vip']),
        change('ACCOUNT', 'phone', ['mobile', 'phone']),
        change('ACCOUNT', 'rating', []),
        change('CONTACT', 'custom.region', ['custom.region']),
        change('CONTACT', 'custom.since', ['custom.since']),
        change('CONTACT', 'title', ['title', 'custom.region']),
        change('CONTACT', 'phone', ['mobile']),
        change('CONTACT', 'source', ['source']),
        change('CONTACT', 'description', []),
        change('OPPORTUNITY', 'custom.seats', ['custom.seats']),
        change('OPPORTUNITY', 'source', ['source', 'custom.region']),
      ],
    ),
    { minLength: 1, maxLength: 8, size: 'max', selector: ({ target, field }) => `${target} ${field}` },
  ),
  { nil: null },
);

const draftText = fc.constantFrom('', 'drafted');
const FIELDS: [Target, string][] = [
  ...['name', 'industry', 'phone', 'employees', 'website', 'domain', 'annualRevenue', 'city', 'street'].map(
    (field): [Target, string] => ['ACCOUNT', field],
  ),
  ...['firstName', 'lastName', 'title', 'email', 'source', 'description', 'doNotCall'].map(
    (field): [Target, string] => ['CONTACT', field],
  ),
  ['ACCOUNT', 'custom.region'],
  ['CONTACT', 'custom.since'],
  ['OPPORTUNITY', 'custom.seats'],
  ['OPPORTUNITY', 'source'],
  ['OPPORTUNITY', 'campaign'],
];
const draftCustom = fc.record(
  { region: fc.constantFrom('drafted', null), seats: fc.constant('3') },
  { requiredKeys: [] },
);

/** What is asked for; one in a few asks for what can't be, in one or more ways. */
function wishes(isFaulty: boolean) {
  const usually = <T, U>(usual: fc.Arbitrary<T>, wrong: fc.Arbitrary<U>, weight = 4): fc.Arbitrary<T | U> =>
    isFaulty ? rarely(usual, wrong, weight) : usual;
  const customFields = usually(draftCustom, fc.constant({ nothing: 'x' }), 8);
  const accountWish = fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({ existing: usually(nth, fc.constant('missing'), 7) }),
    },
    {
      weight: 5,
      arbitrary: usually(fc.constant({ matchOrCreate: true }), fc.constant({ matchOrCreate: false }), 12),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        create: fc.record(
          {
            name: usually(fc.constantFrom(...COMPANIES), fc.constant(''), 8),
            domain: fc.constantFrom('acme.com', 'drafted.com', ''),
            industry: draftText,
            employees: fc.nat(9),
            customFields,
          },
          { requiredKeys: [] },
        ),
      }),
    },
  );
  const contactWish = fc.oneof(
    {
      weight: 7,
      arbitrary: fc.record({ existing: usually(nth, fc.constant('missing'), 7) }),
    },
    {
      weight: 3,
      arbitrary: usually(fc.constant({ matchOrCreate: true }), fc.constant({ matchOrCreate: false }), 9),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        create: fc.record(
          {
            lastName: usually(fc.constantFrom('Drafted', 'Meyer'), fc.constant(''), 6),
            firstName: fc.constantFrom('', 'Joe'),
            email: fc.constantFrom('', ...EMAILS),
            ...{ title: draftText, phone: draftText, customFields },
          },
          { requiredKeys: [] },
        ),
      }),
    },
  );
  const dealWish = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        existing: fc.record(
          { id: usually(nth, fc.constant('missing'), 7), role: buyingRole },
          { requiredKeys: ['id'] },
        ),
      }),
    },
    { weight: 2, arbitrary: usually(fc.constant({ none: true }), fc.constant({ none: false }), 9) },
    {
      weight: 4,
      arbitrary: fc.record({
        create: fc.record(
          {
            name: usually(fc.constant('A deal'), fc.constant(''), 8),
            amount: fc.record({ minor: money, currency: fc.constantFrom('EUR', 'USD') }),
            closeDate: fc.constantFrom('2026-03-01', '2027-12-24'),
            stage: usually(fc.constantFrom('Qualification', 'Prospecting'), fc.constant('Nowhere'), 8),
            role: buyingRole,
            customFields,
          },
          { requiredKeys: [] },
        ),
      }),
    },
  );

  const policies = fc
    .tuple(
      usually(fc.constantFrom(...FIELDS), fc.constant<[Target, string]>(['ACCOUNT', 'nothing']), 30),
      fc.constantFrom<MergePolicy>('OVERWRITE', 'OVERWRITE', 'NEWEST', 'KEEP', 'FILL_EMPTY'),
    )
    .map(([[target, field], policy]) => ({ target, field, policy }));
  const mergePolicy = isFaulty
    ? fc.array(policies, { maxLength: 4 })
    : fc.uniqueArray(policies, { maxLength: 6, selector: ({ target, field }) => `${target} ${field}` });

  return fc.record(
    {
      ...{ account: accountWish, contact: contactWish, opportunity: dealWish },
      owner: usually(fc.constantFrom('admin', 'other'), fc.constant('gone'), 6),
      convertedStatus: usually(
        fc.constant('Closed - Converted'),
        fc.constantFrom('Nope', 'Open - Not Contacted'),
        2,
      ),
      ifVersion: usually(fc.constant('current'), fc.constant('stale'), 2),
      allowDuplicate: fc.constantFrom(true, true, false),
      overwriteLeadSource: flag(3),
      mergePolicy,
    },
    { requiredKeys: ['account', 'mergePolicy'] },
  );
}
const wish = fc.oneof({ weight: 3, arbitrary: wishes(false) }, { weight: 1, arbitrary: wishes(true) });

const policy = fc.constantFrom<Policy>('BLOCK', 'WARN', 'ALLOW');

export const scene = fc.record({
  settings: fc.record({
    ...{ duplicatePolicy: policy, similarPolicy: policy },
    timeZone: fc.constantFrom('UTC', 'Pacific/Auckland', 'America/New_York'),
    fiscalYearStartMonth: fc.integer({ min: 1, max: 12 }),
  }),
  mappings,
  accounts: fc.array(account, { minLength: 1, maxLength: 3 }),
  contacts: fc.array(contact, { minLength: 1, maxLength: 3 }),
  deals: fc.array(deal, { minLength: 1, maxLength: 2 }),
  lead,
  activities: fc.array(
    fc.record({ ...{ isOpen: fc.boolean(), atAccount: fc.boolean(), atDeal: fc.boolean() } }),
    { maxLength: 2 },
  ),
  memberships: fc.uniqueArray(
    fc.record({
      campaign: nth,
      isLeads: fc.boolean(),
      contact: optional(nth, 2),
      responses: fc.tuple(maybe(fc.nat(300)), maybe(fc.nat(300))),
    }),
    { maxLength: 3, selector: ({ campaign }) => campaign },
  ),
  wish,
  role: rarely(
    fc.constantFrom<RoleName>('ADMIN', 'SDR', 'AE'),
    fc.constantFrom<RoleName>('MARKETER', 'SERVICE', 'ANALYST'),
    9,
  ),
  byToken: fc.boolean(),
});

export type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;
