import 'reflect-metadata';
import fc from 'fast-check';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { encodeId, parseId } from '../../src/graphql/ids.ts';
import { runs } from '../support/runs.ts';
import { watchTenants } from '../support/tenant-bound.ts';
import { openWorld, type World } from '../support/world.ts';
import { openApi } from './ask.ts';
import {
  type Conversion,
  influence,
  type Membership,
  type Model,
  MODELS,
  type Touched,
} from './attribution-oracle.ts';
import {
  anyDayWindow,
  anyHistories,
  anyInstant,
  anyMoment,
  anyRates,
  type HistoricDeal,
  historic,
  LOST,
  storeHistories,
  WON,
} from './history.ts';
import { money, type Role, worth } from './history-oracle.ts';

let world: World;
let compiled: Awaited<ReturnType<typeof openApi>>;
let interpreted: Awaited<ReturnType<typeof openApi>>;
beforeAll(async () => {
  world = await openWorld();
  compiled = await openApi(world, 'compiled');
  interpreted = await openApi(world, 'interpreted');
});
afterAll(async () => {
  await compiled.close();
  await interpreted.close();
  await world.close();
});

interface Money {
  amount: string;
  currency: string;
}
interface Campaign {
  name: string;
  cost: bigint | null;
  currency: string | null;
  start: string | null;
  end: string | null;
}
interface Row {
  campaign: { id: string; name: string } | null;
  label: string;
  touches: number;
  opportunities: number;
  amountMissing: number;
  won: Money;
  pipeline: Money;
  wonUnconverted: Money[];
  pipelineUnconverted: Money[];
  roi: number | null;
  definition: { key: string };
  records: { totalCount: number; nodes: { id: string }[] };
}

/** What a campaign cost is converted at its end, without one at its beginning; of the third nothing is known. */
const CAMPAIGNS: Campaign[] = [
  { name: 'Ads', cost: 10_00n, currency: 'EUR', start: null, end: '2024-04-01' },
  { name: 'Fair', cost: 20_00n, currency: 'USD', start: '2024-03-30', end: '2024-04-01' },
  { name: 'Webinar', cost: null, currency: null, start: null, end: null },
  { name: 'Mailing', cost: 30_00n, currency: 'USD', start: '2024-03-31', end: null },
];

async function organization() {
  const made = await world.organization({ currency: 'EUR', timeZone: 'Europe/Berlin' });
  const [contactIds, leadIds, campaignIds] = [4, 3, 4].map((count) =>
    Array.from({ length: count }, () => uuidv7()),
  ) as [string[], string[], string[]];
  await world.database.write(made.tenant, async (tx) => {
    await tx.query(sql`
      insert into contact (organization_id, id, last_name, name_key, created_at, updated_at, deleted_at)
      select ${made.id}, c.id, 'Someone', 'someone', now(), now(), case when c.place = 4 then now() end
      from unnest(${contactIds}::uuid[]) with ordinality as c (id, place)`);
    await tx.query(sql`
      insert into lead (organization_id, id, last_name, name_key, status_id, created_at, updated_at)
      select ${made.id}, l.id, 'Someone', 'someone', s.id, now(), now()
      from unnest(${leadIds}::uuid[]) as l (id)
      join lead_status s on s.organization_id = ${made.id} and s.position = 1`);
    await tx.query(sql`
      insert into campaign (organization_id, id, name, name_key, start_date, end_date, actual_cost, actual_cost_currency, created_at, updated_at)
      select ${made.id}, ids.id, c.name, lower(c.name), c.start, c."end", c.cost, c.currency, now(), now()
      from unnest(${campaignIds}::uuid[]) with ordinality as ids (id, place)
      join jsonb_to_recordset(${JSON.stringify(CAMPAIGNS.map((one, place) => ({ ...one, cost: one.cost?.toString(), place: place + 1 })))}::jsonb)
        as c(place int, name text, cost bigint, currency text, start date, "end" date) on c.place = ids.place`);
  });
  return { ...made, contactIds, leadIds, campaignIds, deletedContacts: new Set([contactIds[3]!]) };
}
type TestOrganization = Awaited<ReturnType<typeof organization>>;

async function store(
  { tenant, id }: TestOrganization,
  { deals, rates, roles, memberships, conversions }: Touched,
) {
  await world.database.write(tenant, async (tx) => {
    for (const table of [sql`campaign_member`, sql`lead_conversion`])
      await tx.query(sql`delete from ${table} where organization_id = ${id}`);
  });
  await storeHistories(world.database, tenant, deals, rates);
  await world.database.write(tenant, async (tx) => {
    await tx.query(sql`
      insert into opportunity_contact_role (organization_id, id, opportunity_id, contact_id, created_at)
      select ${id}, gen_random_uuid(), r."dealId", r."contactId", r.at
      from jsonb_to_recordset(${JSON.stringify(roles)}::jsonb) as r("dealId" uuid, "contactId" uuid, at timestamptz)`);
    await tx.query(sql`
      insert into campaign_member (organization_id, id, campaign_id, contact_id, lead_id, created_at)
      select ${id}, gen_random_uuid(), m."campaignId", m."contactId", m."leadId", m.at
      from jsonb_to_recordset(${JSON.stringify(memberships)}::jsonb)
        as m("campaignId" uuid, "contactId" uuid, "leadId" uuid, at timestamptz)`);
    await tx.query(sql`
      insert into lead_conversion (organization_id, id, lead_id, contact_id, converted_at, reverted_at)
      select ${id}, gen_random_uuid(), v."leadId", v."contactId", v.at, case when v."isReverted" then v.at end
      from jsonb_to_recordset(${JSON.stringify(conversions)}::jsonb)
        as v("leadId" uuid, "contactId" uuid, at timestamptz, "isReverted" boolean)`);
  });
}

const query = `query Influence($model: AttributionModel!, $window: WindowInput, $asOf: DateTime, $scope: MetricScope, $first: Int) {
  campaignInfluence(model: $model, window: $window, asOf: $asOf, scope: $scope, first: $first) {
    campaign { id name } label touches opportunities amountMissing won { amount currency } pipeline { amount currency }
    wonUnconverted { amount currency } pipelineUnconverted { amount currency } roi definition { key }
    records(first: 100) { totalCount nodes { id } }
  }
}`;

async function influenceOf(one: TestOrganization, variables: object, api = compiled): Promise<Row[]> {
  const { data, errors } = await api.ask(one, query, variables as Record<string, unknown>);
  expect(errors).toEqual([]);
  return (data as unknown as { campaignInfluence: Row[] }).campaignInfluence;
}

const anyTouched = (one: TestOrganization): fc.Arbitrary<Touched> => {
  const campaignId = fc.constantFrom(...one.campaignIds);
  const persons = [
    ...one.contactIds.map((contactId) => ({ contactId, leadId: null })),
    ...one.leadIds.map((leadId) => ({ contactId: null, leadId })),
  ];
  const membership = fc
    .tuple(campaignId, fc.constantFrom(...persons), anyInstant)
    .map(([campaign, person, at]): Membership => ({ campaignId: campaign, ...person, at }));
  const conversion = fc.record<Conversion>({
    leadId: fc.constantFrom(...one.leadIds),
    contactId: fc.constantFrom(...one.contactIds),
    at: anyInstant,
    isReverted: fc.constantFrom(false, false, true),
  });
  return fc
    .record({
      deals: anyHistories({ accountIds: [], ownerIds: [], campaignIds: one.campaignIds }, 7),
      rates: anyRates,
      rolesOf: fc.array(fc.tuple(fc.subarray(one.contactIds, { minLength: 1 }), anyInstant), {
        minLength: 7,
        maxLength: 7,
      }),
      without: fc.nat(7),
      memberships: fc.uniqueArray(membership, {
        maxLength: 16,
        size: 'max',
        selector: (member) => `${member.campaignId} ${member.contactId ?? member.leadId}`,
      }),
      conversions: fc.uniqueArray(conversion, {
        maxLength: 4,
        selector: ({ leadId, isReverted, at }) => (isReverted ? `${leadId} ${at.getTime()}` : leadId),
      }),
    })
    .map(({ rolesOf, without, ...rest }): Touched => ({
      ...rest,
      deletedContacts: one.deletedContacts,
      roles: rest.deals.flatMap(({ id }, place): Role[] =>
        place === without
          ? []
          : rolesOf[place]![0].map((contactId) => ({ dealId: id, contactId, at: rolesOf[place]![1] })),
      ),
    }));
};

const minor = ({ amount }: Money) => BigInt(amount.replace('.', ''));
const foreign = (sums: Map<string, bigint>) =>
  [...sums]
    .filter(([currency, sum]) => currency !== 'EUR' && sum !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, sum]) => money(sum, currency));
const keyOf = (model: Model) =>
  `campaignInfluence${model.toLowerCase().replace(/(^|_)(.)/g, (_all, _mark, letter: string) => letter.toUpperCase())}`;

test('by every model, in any window and as of any moment, campaigns stand for what the oracle says, and all together for all, to the cent', async () => {
  const one = await organization();
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(anyTouched(one), anyDayWindow, anyMoment, async (touched, window, asOf) => {
      await store(one, touched);
      const view = { window, asOf, timeZone: one.timeZone };
      for (const model of MODELS) {
        const variables = { model, window, asOf: asOf?.toISOString() };
        const rows = await influenceOf(one, variables);
        const expected = influence(touched, model, view, new Date());
        expect(rows).toHaveLength(expected.size);
        for (const row of rows) {
          const place = one.campaignIds.findIndex((id) => row.campaign?.id === encodeId('Campaign', id));
          const { touches, ids, amountMissing, won, pipeline } = expected.get(
            place < 0 ? '' : one.campaignIds[place]!,
          )!;
          const { campaign, records, roi, ...values } = row;
          expect(values).toEqual({
            label: campaign?.name ?? 'UNATTRIBUTED',
            ...{ touches, opportunities: ids.size, amountMissing: amountMissing.size },
            won: money(won.get('EUR') ?? 0n, 'EUR'),
            pipeline: money(pipeline.get('EUR') ?? 0n, 'EUR'),
            wonUnconverted: foreign(won),
            pipelineUnconverted: foreign(pipeline),
            definition: { key: keyOf(model) },
          });
          expect(records.totalCount).toBe(row.opportunities);
          expect(records.nodes.map(({ id }) => parseId(id)!.uuid).sort()).toEqual([...ids].sort());
          const cost = costOf(place, touched.rates);
          if (cost === null) expect(roi).toBeNull();
          else expect(roi).toBeCloseTo((Number(won.get('EUR') ?? 0n) - cost) / cost, 6);
        }
        // UNATTRIBUTED last, the others by what was won
        const campaigns = rows.filter(({ campaign }) => campaign !== null);
        expect(rows.slice(0, campaigns.length)).toEqual(campaigns);
        const wonOf = campaigns.map(({ won }) => minor(won));
        expect(wonOf).toEqual(wonOf.toSorted((a, b) => (a > b ? -1 : a < b ? 1 : 0)));
        await expectWhole(one, variables, rows);
        if (++asked % 20 === 0) expect(await influenceOf(one, variables, interpreted)).toEqual(rows);
      }
    }),
    { numRuns: runs(25) },
  );
});

/** In cents; null where it is not known, or 0. */
function costOf(place: number, rates: Touched['rates']): number | null {
  const { cost, currency, start, end } = CAMPAIGNS[place] ?? { cost: null };
  if (cost == null) return null;
  const [unit, value] = worth({ amount: cost, currency: currency!, closeDate: (end ?? start)! }, rates);
  return unit === 'EUR' && value !== 0n ? Number(value) : null;
}

/** All rows together are the metrics `won` and `openPipeline`. */
async function expectWhole(one: TestOrganization, variables: object, rows: Row[]) {
  const { data } = await compiled.ask(
    one,
    `query Whole($window: WindowInput, $asOf: DateTime) { metrics(window: $window, asOf: $asOf) {
      won { amount { amount currency } unconverted { amount currency } }
      openPipeline { amount { amount currency } unconverted { amount currency } } } }`,
    variables as Record<string, unknown>,
  );
  const total = (amounts: Money[]) => {
    const sums = new Map<string, bigint>();
    for (const amount of amounts)
      sums.set(amount.currency, (sums.get(amount.currency) ?? 0n) + minor(amount));
    return foreign(new Map([...sums].map(([currency, sum]) => [currency, sum])));
  };
  const { won, openPipeline } = data!.metrics;
  const sum = (amounts: Money[]) => amounts.reduce((all, amount) => all + minor(amount), 0n);
  expect(sum(rows.map((row) => row.won))).toBe(minor(won.amount as Money));
  expect(sum(rows.map((row) => row.pipeline))).toBe(minor(openPipeline.amount as Money));
  expect(total(rows.flatMap((row) => row.wonUnconverted))).toEqual(total(won.unconverted));
  expect(total(rows.flatMap((row) => row.pipelineUnconverted))).toEqual(total(openPipeline.unconverted));
}

test('campaigns beyond the first ones are one row, with the deals any of them touched; all rows together are the whole as before', async () => {
  const one = await organization();
  await fc.assert(
    fc.asyncProperty(
      anyTouched(one),
      anyDayWindow,
      fc.constantFrom(...MODELS),
      fc.integer({ min: 1, max: 3 }),
      async (touched, window, model, first) => {
        await store(one, touched);
        const all = await influenceOf(one, { window, model });
        const some = await influenceOf(one, { window, model, first });
        const campaigns = all.filter(({ campaign }) => campaign !== null);
        const beyond = campaigns.slice(first);
        const other = some.find(({ label }) => label === 'OTHER');
        expect(some.filter((row) => row !== other)).toEqual(all.filter((row) => !beyond.includes(row)));
        expect(other === undefined).toBe(beyond.length === 0);
        if (!other) return;
        expect(some.indexOf(other)).toBe(first);
        const sum = (of: (row: Row) => bigint) => beyond.reduce((total, row) => total + of(row), 0n);
        const ids = new Set(beyond.flatMap(({ records }) => records.nodes.map(({ id }) => id)));
        expect(other).toMatchObject({ campaign: null, roi: null, opportunities: ids.size });
        expect(other.touches).toBe(beyond.reduce((total, { touches }) => total + touches, 0));
        expect(minor(other.won)).toBe(sum(({ won }) => minor(won)));
        expect(minor(other.pipeline)).toBe(sum(({ pipeline }) => minor(pipeline)));
        expect(other.records.totalCount).toBe(ids.size);
        expect(new Set(other.records.nodes.map(({ id }) => id))).toEqual(ids);
      },
    ),
    { numRuns: runs(20) },
  );
});

test.each([0, 501])('%i campaigns can not be asked for', async (first) => {
  const { errors } = await compiled.ask(await organization(), query, { model: 'LAST', first });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'first' } }]);
});

describe('by hand', () => {
  const at = (day: number) => new Date(`2026-01-${String(day).padStart(2, '0')}T12:00:00Z`);
  const created = { at: at(20) };

  /** One won deal with one person, whom campaigns touched on those days of January, in the order of `campaignIds`. */
  async function shares(
    model: Model,
    days: number[],
    amount = 100_00n,
    more: Partial<Touched> & { createdAt?: Date } = {},
  ) {
    const one = await organization();
    const deal = historic(
      { createdAt: more.createdAt ?? at(1) },
      { ...created, amount },
      { at: at(30), stage: WON },
    );
    const contactId = one.contactIds[0]!;
    await store(one, {
      ...{ deals: [deal], rates: [], deletedContacts: one.deletedContacts },
      roles: [{ dealId: deal.id, contactId, at: at(20) }],
      memberships: days.map((day, place) => ({
        campaignId: one.campaignIds[place]!,
        contactId,
        leadId: null,
        at: at(day),
      })),
      conversions: (more.conversions ?? []).map((one_) => ({ ...one_, leadId: one.leadIds[0]!, contactId })),
    });
    const rows = await influenceOf(one, { model });
    const byName = new Map(rows.map(({ label, won }) => [label, won.amount]));
    return ['Ads', 'Fair', 'Webinar', 'UNATTRIBUTED'].map((label) => byName.get(label) ?? null);
  }

  test.each<[Model, number[], (string | null)[]]>([
    ['FIRST', [2, 9, 16], ['100.00', '0.00', '0.00', null]],
    ['LAST', [2, 9, 16], ['0.00', '0.00', '100.00', null]],
    // a cent is left, for the earliest of the equal remainders
    ['LINEAR', [2, 9, 16], ['33.34', '33.33', '33.33', null]],
    ['U_SHAPED', [2, 9, 16], ['40.00', '20.00', '40.00', null]],
    ['U_SHAPED', [2, 9], ['50.00', '50.00', null, null]],
    ['U_SHAPED', [2], ['100.00', null, null, null]],
    // 1/4 : 1/2 : 1
    ['TIME_DECAY', [2, 9, 16], ['14.29', '28.57', '57.14', null]],
    ['TIME_DECAY', [], [null, null, null, '100.00']],
  ])('%s of touches on %j', async (model, days, expected) => {
    expect(await shares(model, days)).toEqual(expected);
  });

  test('W: one touch holds several milestones, and gets their sum', async () => {
    const conversions = [{ leadId: '', contactId: '', at: at(10), isReverted: false }];
    const createdAt = at(17);
    // first 2, conversion 9, deal 16: no others
    expect(await shares('W_SHAPED', [2, 9, 16], 100_00n, { conversions, createdAt })).toEqual([
      '33.34',
      '33.33',
      '33.33',
      null,
    ]);
    // the second holds conversion and deal, the third none
    expect(await shares('W_SHAPED', [2, 9, 25], 100_00n, { conversions, createdAt })).toEqual([
      '30.00',
      '60.00',
      '10.00',
      null,
    ]);
    // no conversion: first and deal hold 90, the last is another
    expect(await shares('W_SHAPED', [2, 9, 25], 100_00n, { createdAt })).toEqual([
      '45.00',
      '45.00',
      '10.00',
      null,
    ]);
    // a conversion that was reverted is none
    const reverted = [{ ...conversions[0]!, isReverted: true }];
    expect(await shares('W_SHAPED', [2, 9, 25], 100_00n, { conversions: reverted, createdAt })).toEqual([
      '45.00',
      '45.00',
      '10.00',
      null,
    ]);
    expect(await shares('W_SHAPED', [25], 100_00n, { createdAt: at(1) })).toEqual([
      '100.00',
      null,
      null,
      null,
    ]);
  });

  test('cents add up of amounts that do not divide, below zero, too', async () => {
    expect(await shares('LINEAR', [2, 9, 16], 1n)).toEqual(['0.01', '0.00', '0.00', null]);
    expect(await shares('LINEAR', [2, 9, 16], -1n)).toEqual(['0.00', '0.00', '-0.01', null]);
    expect(await shares('U_SHAPED', [2, 9, 16], 3n)).toEqual(['0.01', '0.01', '0.01', null]);
    expect(await shares('LINEAR', [2, 9, 16], 0n)).toEqual(['0.00', '0.00', '0.00', null]);
  });

  async function labels(
    deals: HistoricDeal[],
    memberships: (one: TestOrganization) => Membership[],
    variables: object = {},
    rates: Touched['rates'] = [],
  ) {
    const one = await organization();
    const roles = deals.map(({ id }) => ({ dealId: id, contactId: one.contactIds[0]!, at: at(1) }));
    const rest = { rates, conversions: [], deletedContacts: one.deletedContacts };
    await store(one, { ...rest, deals, roles, memberships: memberships(one) });
    const rows = await influenceOf(one, { model: 'LINEAR', ...variables });
    return rows.map(({ label, touches, opportunities, won, pipeline, roi }) => [
      label,
      touches,
      opportunities,
      won.amount,
      pipeline.amount,
      roi,
    ]);
  }
  const touch = (one: TestOrganization, when: Date, contact = 0): Membership => ({
    ...{ campaignId: one.campaignIds[0]!, contactId: one.contactIds[contact]!, leadId: null, at: when },
  });

  test('touches count to the end of the close date where the organisation is, of open deals until the moment', async () => {
    const won = () => historic({}, { at: at(1) }, { at: at(2), stage: WON, closeDate: '2026-01-31' });
    // Berlin is an hour ahead
    const lastMoment = new Date('2026-01-31T22:59:59.999Z');
    const afterwards = new Date('2026-01-31T23:00:00Z');
    expect(await labels([won()], (one) => [touch(one, lastMoment)])).toEqual([
      ['Ads', 1, 1, '100.00', '0.00', 9],
    ]);
    expect(await labels([won()], (one) => [touch(one, afterwards)])).toEqual([
      ['UNATTRIBUTED', 0, 1, '100.00', '0.00', null],
    ]);
    const open = () => historic({}, { at: at(1), closeDate: '2026-01-02' });
    expect(await labels([open()], (one) => [touch(one, afterwards)])).toEqual([
      ['Ads', 1, 1, '0.00', '100.00', -1],
    ]);
    expect(
      await labels([open()], (one) => [touch(one, afterwards)], { asOf: lastMoment.toISOString() }),
    ).toEqual([['UNATTRIBUTED', 0, 1, '0.00', '100.00', null]]);
  });

  test('what a campaign cost is converted at its end, without one at its beginning', async () => {
    const rates = [
      { currency: 'USD', from: '2024-03-30', thousandths: 500n },
      { currency: 'USD', from: '2024-04-01', thousandths: 2_000n },
    ];
    // 20 dollars from the 30th of March to the 1st of April, 30 from the 31st of March on
    for (const [place, label, roi] of [
      [1, 'Fair', (100 - 40) / 40],
      [3, 'Mailing', (100 - 15) / 15],
    ] as const) {
      const deal = historic({}, { at: at(1) }, { stage: WON });
      const memberships = (one: TestOrganization) => [
        { ...touch(one, at(1)), campaignId: one.campaignIds[place]! },
      ];
      const [[name, , , won, , found]] = (await labels([deal], memberships, {}, rates)) as [unknown[]];
      expect([name, won, Number(found).toFixed(9)]).toEqual([label, '100.00', roi.toFixed(9)]);
    }
  });

  test("a lead's memberships are touches of the contact it became, from the conversion on", async () => {
    const one = await organization();
    const [contactId, leadId] = [one.contactIds[0]!, one.leadIds[0]!];
    const deal = historic({}, { at: at(1) });
    await store(one, {
      ...{ deals: [deal], rates: [], deletedContacts: one.deletedContacts },
      roles: [{ dealId: deal.id, contactId, at: at(1) }],
      memberships: [{ campaignId: one.campaignIds[0]!, contactId: null, leadId, at: at(2) }],
      conversions: [{ leadId, contactId, at: at(4), isReverted: false }],
    });
    const labelsAt = async (day: number) =>
      (await influenceOf(one, { model: 'LAST', asOf: at(day).toISOString() })).map(({ label }) => label);
    expect(await labelsAt(3)).toEqual(['UNATTRIBUTED']);
    expect(await labelsAt(4)).toEqual(['Ads']);
  });

  test('lost and omitted deals, deleted people and people without a role touch nothing', async () => {
    const deals = [
      historic({}, { stage: LOST }),
      historic({}, { category: 'OMITTED' }),
      historic({ isDeleted: true }),
    ];
    expect(await labels(deals, (one) => [touch(one, at(1))])).toEqual([]);
    expect(await labels([historic({})], (one) => [touch(one, at(1), 1)])).toEqual([
      ['UNATTRIBUTED', 0, 1, '0.00', '100.00', null],
    ]);
  });
});

test('a window restricts what was won, by close date, never the open pipeline', async () => {
  const one = await organization();
  const won = (closeDate: string) => historic({}, {}, { stage: WON, closeDate });
  await store(one, {
    ...{ deals: [won('2026-01-31'), won('2026-02-01'), historic({})], rates: [], roles: [], memberships: [] },
    ...{ conversions: [], deletedContacts: one.deletedContacts },
  });
  const [row] = await influenceOf(one, { model: 'FIRST', window: { from: '2026-02-01' } });
  expect(row).toMatchObject({
    label: 'UNATTRIBUTED',
    opportunities: 2,
    won: { amount: '100.00' },
    pipeline: { amount: '100.00' },
  });
});

test('of nothing there are no rows', async () => {
  expect(await influenceOf(await organization(), { model: 'W_SHAPED' })).toEqual([]);
});

test('Campaign.metrics are of the deals whose primary campaign it is', async () => {
  const one = await organization();
  const [ads, fair] = one.campaignIds;
  const deals = [
    historic({ campaignId: ads! }, {}, { stage: WON }),
    historic({ campaignId: ads! }),
    historic({ campaignId: fair! }, {}, { stage: LOST }),
    historic({}),
  ];
  await storeHistories(world.database, one.tenant, deals);
  const { data, errors } = await compiled.ask(
    one,
    `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Campaign { name actualCost { amount currency }
      metrics { won { count records { totalCount } } lost { count } openPipeline { count } threading { multiThreadedShare { denominator } } } } } }`,
    { ids: [ads!, fair!].map((id) => encodeId('Campaign', id)) },
  );
  expect(errors).toEqual([]);
  const metrics = (won: number, lost: number, open: number) => ({
    won: { count: won, records: { totalCount: won } },
    ...{ lost: { count: lost }, openPipeline: { count: open } },
    threading: { multiThreadedShare: { denominator: String(open) } },
  });
  expect(data).toEqual({
    nodes: [
      { name: 'Ads', actualCost: { amount: '10.00', currency: 'EUR' }, metrics: metrics(1, 0, 1) },
      { name: 'Fair', actualCost: { amount: '20.00', currency: 'USD' }, metrics: metrics(0, 1, 0) },
    ],
  });
});

test('one statement, one for all campaigns, and pages for the records of all; bound to the organisation, and of it alone', async () => {
  const [one, other] = [await organization(), await organization()];
  for (const each of [one, other]) {
    const deals = [historic({}), historic({})];
    const contactId = each.contactIds[0]!;
    await store(each, {
      ...{ deals, rates: [], conversions: [], deletedContacts: each.deletedContacts },
      roles: [{ dealId: deals[0]!.id, contactId, at: deals[0]!.createdAt }],
      memberships: each.campaignIds.map((campaignId) => ({
        campaignId,
        contactId,
        leadId: null,
        at: deals[0]!.createdAt,
      })),
    });
  }
  const unbound = watchTenants(world.database);
  const texts: string[] = [];
  const { observe } = world.database;
  world.database.observe = (text, values, tenant) => {
    texts.push(text);
    observe?.(text, values, tenant);
  };
  for (const model of MODELS) {
    texts.length = 0;
    const rows = await influenceOf(one, { model });
    expect(rows.map(({ opportunities, records }) => [opportunities, records.totalCount])).toEqual(
      Array(5).fill([1, 1]),
    );
    // shares, campaigns; records and their count for all campaigns, and for UNATTRIBUTED
    expect(texts).toHaveLength(2 + 2 + 2);
  }
  texts.length = 0;
  await compiled.ask(one, '{ campaignInfluence(model: LAST) { label won { amount } roi } }');
  expect(texts).toHaveLength(1);
  world.database.observe = observe;
  unbound.assertNone();
  world.database.observe = undefined;
});
