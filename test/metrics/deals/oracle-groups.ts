import { type Interval, intervals, localDate, periodOf } from './calendar.ts';
import { type Counted, oracle, type Sales } from './oracle-sales.ts';
import { countedBy, type Request, targetIn, type View, viewOf } from './oracle-view.ts';
import { type DealThen, folded, type OracleWorld } from './oracle-world.ts';

export type Dimension =
  | Interval
  | 'ACCOUNT'
  | 'CAMPAIGN'
  | 'COUNTRY'
  | 'CUSTOM_FIELD'
  | 'INDUSTRY'
  | 'OWNER'
  | 'SOURCE'
  | 'STAGE'
  | 'TEAM'
  | 'TIER'
  | 'TYPE';

export type Key = (string | number | null)[];

export interface GroupRequest extends Request {
  by: Dimension[];
  /** Whose custom field CUSTOM_FIELD is: `segment` of deals, `region` of accounts. */
  customOf?: 'OPPORTUNITY' | 'ACCOUNT';
}

export const isPeriod = (dimension: Dimension): dimension is Interval =>
  (intervals as Dimension[]).includes(dimension);

function keyOf(world: OracleWorld, { by, customOf }: GroupRequest, view: View) {
  const { fiscalMonth } = world;
  const accounts = new Map(world.accounts.map((account) => [account.id, account]));
  const teams = new Map(world.users.map(({ id, team }) => [id, team]));
  const part = (dimension: Dimension, deal: DealThen, isCreated: boolean) => {
    const account = accounts.get(deal.accountId ?? '');
    switch (dimension) {
      case 'ACCOUNT':
        return deal.accountId;
      case 'CAMPAIGN':
        return deal.campaignId;
      case 'COUNTRY':
        return folded(account?.country ?? null);
      case 'CUSTOM_FIELD':
        return (customOf === 'ACCOUNT' ? account?.region : deal.segment) ?? null;
      case 'INDUSTRY':
        return folded(account?.industry ?? null);
      case 'OWNER':
        return deal.ownerId;
      case 'SOURCE':
        return folded(deal.source);
      case 'STAGE':
        return deal.stage;
      case 'TEAM':
        return teams.get(deal.ownerId ?? '') ?? null;
      case 'TIER':
        return account?.tier ?? null;
      case 'TYPE':
        return account?.type ?? null;
      default: {
        const date = isCreated ? localDate(deal.createdAt, view.timeZone) : deal.closeDate;
        return periodOf(date, dimension, fiscalMonth)[0];
      }
    }
  };
  return (deal: DealThen, isCreated = false): Key =>
    by.map((dimension) => part(dimension, deal, isCreated));
}

export interface Group {
  key: Key;
  counted: Counted;
  target: bigint | null;
  metrics: Sales;
}

/** Groups by what their deals have in common, in no order; what was created has periods of its own. */
export function groupsOf(world: OracleWorld, request: GroupRequest): Group[] {
  const view = viewOf(world, request);
  const key = keyOf(world, request, view);
  const whole = countedBy(world, request, view, view, false);
  const groups = new Map<string, { key: Key; counted: Counted }>();
  for (const list of ['open', 'created', 'closing'] as const) {
    for (const deal of whole[list]) {
      const own = key(deal, list === 'created');
      const name = JSON.stringify(own);
      if (!groups.has(name))
        groups.set(name, {
          key: own,
          counted: { openDay: whole.openDay, open: [], created: [], closing: [] },
        });
      groups.get(name)!.counted[list].push(deal);
    }
  }
  return [...groups.values()].map((group) => {
    const target = targetOfGroup(world, request, view, group.key);
    const basis = request.amountBasis ?? 'CURRENT';
    return { ...group, target, metrics: oracle(world, group.counted, { basis, target }) };
  });
}

/** Owners, teams and periods have targets; nothing else, and no two of them together. */
function targetOfGroup(world: OracleWorld, { by, ...request }: GroupRequest, view: View, key: Key) {
  const [dimension] = by;
  const [value] = key;
  if (by.length > 1 || request.targetsOf === null) return null;
  if (dimension === 'OWNER') return targetIn(world, view, new Set([value as string | null]));
  if (dimension === 'TEAM') {
    const members = world.users.filter(({ team }) => team !== null && team === value);
    return targetIn(world, view, new Set(members.map(({ id }) => id)));
  }
  if (!isPeriod(dimension!)) return null;
  const [from, to] = periodOf(value as string, dimension, world.fiscalMonth);
  return targetIn(
    world,
    {
      from: view.from !== null && view.from > from ? view.from : from,
      to: view.to !== null && view.to < to ? view.to : to,
    },
    request.targetsOf,
  );
}
