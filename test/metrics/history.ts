import fc from 'fast-check';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../src/database/database.ts';
import type { Tenant } from '../../src/database/tenant.ts';

/** A deal's state from an instant on. Stages go by their standard position: 1 to 8 open, 9 won, 10 lost. */
export interface Version {
  at: Date;
  stage: number;
  amount: bigint | null;
  currency: string;
  category: string;
  closeDate: string;
}

export interface HistoricDeal {
  id: string;
  accountId: string | null;
  ownerId: string | null;
  campaignId: string | null;
  createdAt: Date;
  isDeleted: boolean;
  /** In time, at least one. */
  versions: Version[];
}

/** One minor unit of the currency is numerator ÷ 1000 minor units of the organisation's, from a day on. */
export interface Rate {
  currency: string;
  from: string;
  thousandths: bigint;
}

export const WON = 9;
export const LOST = 10;

/** Few instants, so that versions, windows and moments meet; around a change of the clocks. */
export const INSTANTS = [
  '2024-03-30T22:59:59.999Z', '2024-03-30T23:00:00.000Z', '2024-03-31T00:59:59.999Z', '2024-03-31T01:00:00.000Z',
  '2024-03-31T22:00:00.000Z', '2024-04-01T10:30:00.000Z', '2024-04-02T22:00:00.000Z', '2024-04-05T08:00:00.001Z',
  '2024-04-09T21:59:59.999Z', '2024-04-30T12:00:00.000Z',
].map((text) => new Date(text)); // prettier-ignore

export const DAYS = [
  '2024-03-30',
  '2024-03-31',
  '2024-04-01',
  '2024-04-02',
  '2024-04-03',
  '2024-04-10',
  '2024-05-01',
];

export const anyInstant = fc
  .tuple(fc.constantFrom(...INSTANTS), fc.constantFrom(0, 0, 0, -1, 1))
  .map(([at, shift]) => new Date(at.getTime() + shift));

export const anyMoment = fc.oneof(fc.constant(null), anyInstant);

export const anyDayWindow = fc
  .record({ from: fc.option(fc.constantFrom(...DAYS)), to: fc.option(fc.constantFrom(...DAYS)) })
  .map(({ from, to }) => (from !== null && to !== null && to < from ? { from: to, to: from } : { from, to }));

const anyAmount = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant(0n) },
  { weight: 4, arbitrary: fc.bigInt(-40n, 1_000n) },
  { weight: 2, arbitrary: fc.bigInt(-(10n ** 12n), 10n ** 13n) },
);

const anyVersion = fc.record({
  stage: fc.constantFrom(1, 1, 2, 2, 3, 5, 8, WON, WON, LOST),
  amount: anyAmount,
  currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'USD', 'JPY'),
  omitted: fc.constantFrom(false, false, false, false, true),
  closeDate: fc.constantFrom(...DAYS),
});

/** A change keeps most of what was: amounts and close dates go to and fro. */
const anyHistory = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...INSTANTS), {
      minLength: 1,
      maxLength: 7,
      selector: (at) => at.getTime(),
    }),
    fc.array(fc.tuple(anyVersion, fc.constantFrom('all', 'stage', 'amount', 'closeDate', 'omitted')), {
      minLength: 7,
      maxLength: 7,
    }),
  )
  .map(([instants, states]): Version[] => {
    let held = states[0]![0];
    return instants
      .toSorted((a, b) => a.getTime() - b.getTime())
      .map((at, index) => {
        const [next, changed] = states[index]!;
        held = index === 0 || changed === 'all' ? next : { ...held, [changed]: next[changed] };
        const { omitted, ...state } = held;
        const isOpen = state.stage < WON;
        const category = isOpen
          ? omitted
            ? 'OMITTED'
            : 'PIPELINE'
          : state.stage === WON
            ? 'CLOSED'
            : 'OMITTED';
        return { at, ...state, category };
      });
  });

export interface Owners {
  accountIds: string[];
  ownerIds: string[];
  campaignIds: string[];
}

export const anyHistories = ({ accountIds, ownerIds, campaignIds }: Owners, maxLength = 14) =>
  fc.array(
    fc
      .record({
        accountId: fc.constantFrom(...accountIds, null),
        ownerId: fc.constantFrom(...ownerIds, null),
        campaignId: fc.constantFrom(...campaignIds, null),
        createdAt: anyInstant,
        isDeleted: fc.constantFrom(false, false, false, false, false, true),
        versions: anyHistory,
      })
      .map((deal): HistoricDeal => ({ id: uuidv7(), ...deal })),
    { maxLength, size: 'max' },
  );

/** Of US dollars and yen; without one some days, or all. */
export const anyRates: fc.Arbitrary<Rate[]> = fc.uniqueArray(
  fc.record({
    currency: fc.constantFrom('USD', 'USD', 'JPY'),
    from: fc.constantFrom('2024-01-01', ...DAYS),
    thousandths: fc.bigInt(1n, 3_000n),
  }),
  { maxLength: 4, selector: ({ currency, from }) => `${currency} ${from}` },
);

/** A deal that matters in no way but what a test says about it: open, 100 euros. */
export function historic(given: Partial<HistoricDeal>, ...versions: Partial<Version>[]): HistoricDeal {
  let state: Version = {
    ...{ at: new Date('2026-01-01T12:00:00Z'), stage: 1, amount: 100_00n, currency: 'EUR' },
    ...{ category: 'PIPELINE', closeDate: '2026-02-01' },
  };
  const history = (versions.length === 0 ? [{}] : versions).map((change, index) => {
    const category =
      change.stage === undefined
        ? state.category
        : change.stage < WON
          ? 'PIPELINE'
          : change.stage === WON
            ? 'CLOSED'
            : 'OMITTED';
    state = {
      ...state,
      at: new Date(state.at.getTime() + (index === 0 ? 0 : 86_400_000)),
      category,
      ...change,
    };
    return state;
  });
  return {
    ...{ id: uuidv7(), accountId: null, ownerId: null, campaignId: null, isDeleted: false },
    createdAt: history[0]!.at,
    versions: history,
    ...given,
  };
}

const json = (rows: object[]) =>
  JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

/** Makes these the organisation's only opportunities, with their history, and these its only rates. */
export async function storeHistories(
  database: Database,
  tenant: Tenant,
  deals: HistoricDeal[],
  rates: Rate[] = [],
): Promise<void> {
  const { organizationId } = tenant;
  const versions = deals.flatMap((deal) =>
    deal.versions.map((version, index) => ({
      ...{ ...version, id: uuidv7(), dealId: deal.id },
      until: deal.versions[index + 1]?.at ?? null,
    })),
  );
  const rows = deals.map(({ versions: history, ...deal }) => ({ ...deal, ...history.at(-1)! }));
  await database.write(tenant, async (tx) => {
    for (const table of [
      sql`opportunity_contact_role`,
      sql`opportunity_version`,
      sql`opportunity`,
      sql`exchange_rate`,
    ])
      await tx.query(sql`delete from ${table} where organization_id = ${organizationId}`);
    await tx.query(sql`
      insert into opportunity (organization_id, id, account_id, owner_id, campaign_id, name, name_key, stage_id, stage_position,
        amount, currency, probability, forecast_category, close_date, closed_at, is_closed, is_won, deleted_at, created_at, updated_at)
      select ${organizationId}, d.id, d."accountId", d."ownerId", d."campaignId", 'Deal', 'deal', s.id, s.position, d.amount,
        d.currency, s.probability, d.category, d."closeDate", case when s.is_closed then d.at end, s.is_closed, s.is_won,
        case when d."isDeleted" then d.at end, d."createdAt", d.at
      from jsonb_to_recordset(${json(rows)}::jsonb) as d(id uuid, "accountId" uuid, "ownerId" uuid, "campaignId" uuid,
        stage int, amount bigint, currency text, category text, "closeDate" date, at timestamptz, "createdAt" timestamptz,
        "isDeleted" boolean)
      join stage s on s.organization_id = ${organizationId} and s.position = d.stage`);
    await tx.query(sql`
      insert into opportunity_version (organization_id, id, opportunity_id, stage_id, amount, currency, probability,
        forecast_category, close_date, is_closed, is_won, valid_from, valid_to)
      select ${organizationId}, v.id, v."dealId", s.id, v.amount, v.currency, s.probability, v.category, v."closeDate",
        s.is_closed, s.is_won, v.at, v.until
      from jsonb_to_recordset(${json(versions)}::jsonb) as v(id uuid, "dealId" uuid, stage int, amount bigint,
        currency text, category text, "closeDate" date, at timestamptz, until timestamptz)
      join stage s on s.organization_id = ${organizationId} and s.position = v.stage`);
    await tx.query(sql`
      insert into exchange_rate (organization_id, id, currency, valid_from, rate, minor_rate, created_at, updated_at)
      select ${organizationId}, gen_random_uuid(), r.currency, r."from", r.thousandths / 1000.0, r.thousandths / 1000.0, now(), now()
      from jsonb_to_recordset(${json(rates)}::jsonb) as r(currency text, "from" date, thousandths bigint)`);
  });
}
