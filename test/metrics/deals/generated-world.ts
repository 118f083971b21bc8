import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import type { Account, Deal, OracleWorld, Rate, State, Target } from './oracle-world.ts';

const HOUR = 3_600_000;

/** Few days, so that windows, close dates, rates and creations often meet; around changes of the clocks and a leap day. */
export const days = [
  '2018-11-03', '2018-11-04', '2023-02-28', '2023-12-31', '2024-01-01', '2024-02-28', '2024-02-29', '2024-03-01',
  '2024-03-30', '2024-03-31', '2024-04-01', '2024-06-30', '2024-11-02', '2024-11-03', '2024-11-04', '2024-12-31',
  '2025-01-01', '2025-02-28', '2025-03-01',
]; // prettier-ignore

export const day = fc.constantFrom(...days);

export const instant = fc
  .tuple(day, fc.integer({ min: -14, max: 26 }), fc.constantFrom(-1, 0, 1, HOUR / 2))
  .map(([date, hours, milliseconds]) => new Date(Date.parse(date) + hours * HOUR + milliseconds));

const amount = fc.oneof(
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant(0n) },
  { weight: 5, arbitrary: fc.bigInt(-50n, 5_000n) },
  { weight: 2, arbitrary: fc.bigInt(-(10n ** 12n), 10n ** 13n) },
);

const currencies = ['EUR', 'USD', 'JPY', 'KWD'];

function anyState(home: string): fc.Arbitrary<State> {
  return fc
    .record({
      // stages in any order: skipped, reopened, won and lost again
      stage: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.constantFrom(9, 10)),
      amount,
      currency: fc.constantFrom(home, home, home, ...currencies),
      probability: fc.integer({ min: 0, max: 100 }),
      category: fc.constantFrom('PIPELINE', 'BEST_CASE', 'MOST_LIKELY', 'COMMIT', 'CLOSED', 'OMITTED'),
      closeDate: fc.oneof({ weight: 9, arbitrary: day }, { weight: 1, arbitrary: fc.constant('2027-06-30') }),
    })
    .map((state) => ({ ...state, isClosed: state.stage >= 9, isWon: state.stage === 9 }));
}

/** A history: the first state when the deal is created, each later one after a while of at least a millisecond. */
function anyHistory(home: string) {
  const gap = fc.constantFrom(1, 1, 2, 1000, HOUR, 24 * HOUR, 40 * 24 * HOUR);
  const later = fc.array(fc.tuple(gap, anyState(home)), { maxLength: 4 });
  return fc.tuple(instant, anyState(home), later).map(([createdAt, first, changes]) => {
    let at = createdAt.getTime();
    return [
      { ...first, from: createdAt },
      ...changes.map(([after, state]) => ({ ...state, from: new Date((at += after)) })),
    ];
  });
}

/** Texts that differ by case or accents only, names that mean nothing, and none. */
const texts = [null, 'Web', 'web', 'WEB', 'Unknown', 'unknown', 'Trade Show', 'Évent', 'event'];

function anyDeal(world: Pick<OracleWorld, 'currency' | 'accounts' | 'users' | 'campaigns'>) {
  const accountIds = world.accounts.filter(({ mergedIntoId }) => mergedIntoId === null).map(({ id }) => id);
  return fc
    .record({
      accountId: fc.constantFrom(null, ...accountIds),
      ownerId: fc.constantFrom(null, ...world.users.map(({ id }) => id)),
      campaignId: fc.constantFrom(null, null, ...world.campaigns.map(({ id }) => id)),
      source: fc.constantFrom(...texts),
      segment: fc.constantFrom(null, 'SMB', 'Enterprise'),
      isDeleted: fc.constantFrom(false, false, false, false, false, true),
      versions: anyHistory(world.currency),
    })
    .map((deal): Deal => ({ ...deal, id: uuidv7(), createdAt: deal.versions[0]!.from }));
}

/** Families of accounts up to three levels deep, of which some were merged away: those below such a one are its family's no more. */
const anyAccounts = fc
  .array(
    fc.record({
      tier: fc.constantFrom(null, 1, 1, 2, 3),
      industry: fc.constantFrom(...texts),
      country: fc.constantFrom(null, 'Germany', 'germany', 'France'),
      type: fc.constantFrom(null, 'CUSTOMER', 'PROSPECT'),
      region: fc.constantFrom(null, 'North', 'South'),
      isRoot: fc.boolean(),
      isMerged: fc.constantFrom(false, false, false, true),
    }),
    { minLength: 3, maxLength: 8 },
  )
  .map((given) => {
    const all: { account: Account; depth: number }[] = [];
    return given.map(({ isRoot, isMerged, ...rest }, index): Account => {
      const above = all.findLast(({ depth }) => depth < 2);
      const into = isMerged ? (all[0]?.account.id ?? null) : null;
      const parent = isRoot || !above ? null : above;
      const account = {
        ...{ ...rest, id: uuidv7(), name: `Account ${index}` },
        ...{ parentId: parent?.account.id ?? null, mergedIntoId: into },
      };
      all.push({ account, depth: parent ? parent.depth + 1 : 0 });
      return account;
    });
  });

const span = fc
  .tuple(day, day)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a }));

const period = fc.oneof(
  span,
  fc.constantFrom(
    { from: '2024-01-01', to: '2025-01-01' },
    { from: '2024-01-01', to: '2024-04-01' },
    { from: '2024-02-01', to: '2024-03-01' },
    { from: '2024-03-01', to: '2024-04-01' },
  ),
);

function anyTargets(userIds: string[]): fc.Arbitrary<Target[]> {
  const target = fc
    .tuple(period, fc.constantFrom(null, ...userIds), fc.oneof(fc.constant(0n), fc.bigInt(1n, 10n ** 9n)))
    .map(([{ from, to }, ownerId, targeted]) => ({ from, to, ownerId, amount: targeted }));
  return fc.uniqueArray(target, {
    maxLength: 8,
    selector: ({ ownerId, from, to }) => `${ownerId} ${from} ${to}`,
  });
}

function anyRates(home: string): fc.Arbitrary<Rate[]> {
  const rate = fc.record({
    currency: fc.constantFrom(...currencies.filter((currency) => currency !== home)),
    from: fc.oneof(day, fc.constantFrom('2024-02-15', '2024-11-03')),
    millionths: fc.oneof(fc.bigInt(1n, 3_000_000n), fc.bigInt(1n, 10n ** 8n)),
  });
  return fc.uniqueArray(rate, { maxLength: 5, selector: ({ currency, from }) => `${currency} ${from}` });
}

export interface Home {
  currency: string;
  timeZone: string;
  fiscalYearStartMonth: number;
}

/** A world with everything deals are counted by, and up to so many deals. */
export function anyWorld({ currency, timeZone, fiscalYearStartMonth }: Home, maxDeals = 30) {
  const users = [
    ['Ada', 'East'],
    ['Ben', 'East'],
    ['Cai', 'West'],
    ['Dee', null],
  ].map(([name, team]) => ({ id: uuidv7(), name: name!, team: team ?? null }));
  const campaigns = ['Spring', 'Autumn'].map((name) => ({ id: uuidv7(), name }));
  return anyAccounts.chain((accounts) =>
    fc
      .record({
        rates: anyRates(currency),
        targets: anyTargets(users.map(({ id }) => id)),
        deals: fc.array(anyDeal({ currency, accounts, users, campaigns }), {
          maxLength: maxDeals,
          size: 'max',
        }),
      })
      .map((generated): OracleWorld => ({
        ...{ currency, timeZone, fiscalMonth: fiscalYearStartMonth },
        ...{ accounts, users, campaigns, ...generated },
      })),
  );
}
