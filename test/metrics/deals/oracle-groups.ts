import { type Interval, intervals, localDate, periodOf, type Window } from './calendar.ts';
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
  return (deal: DealThen, isCreated = false): Key => by.map((dimension) => part(dimension, deal, isCreated));
}

export interface Group {
  key: Key;
  counted: Counted;
  /** In the compared window. */
  before: Counted;
  metrics: Sales & { comparison: Sales | null };
}

type Lists = Omit<Group, 'metrics' | 'before'>;

/** The lists of each group, by its key as JSON; what was created has periods of its own. */
function listsOf(world: OracleWorld, request: GroupRequest, view: View, compared: Window | null) {
  const key = keyOf(world, request, view);
  const whole = countedBy(world, request, view, compared ?? view, compared !== null);
  const { openDay } = whole;
  const groups = new Map<string, Lists>();
  for (const list of ['open', 'created', 'closing'] as const) {
    for (const deal of whole[list]) {
      const own = key(deal, list === 'created');
      const name = JSON.stringify(own);
      const group = groups.get(name) ?? {
        key: own,
        counted: { openDay, open: [], created: [], closing: [] },
      };
      group.counted[list].push(deal);
      groups.set(name, group);
    }
  }
  return groups;
}

/** Groups by what their deals have in common, in no order. */
export function groupsOf(world: OracleWorld, request: GroupRequest): Group[] {
  const view = viewOf(world, request);
  const basis = request.amountBasis ?? 'CURRENT';
  const values = ({ counted, key }: Lists, window: Window) =>
    oracle(world, counted, { basis, target: targetOfGroup(world, request, window, key) });
  const window = request.by.some(isPeriod) ? null : view.compared;
  const before = window && listsOf(world, request, view, window);
  const present = listsOf(world, request, view, null);
  // what there was only then is a group, too
  for (const [name, { key }] of before ?? [])
    if (!present.has(name)) present.set(name, { key, counted: NOTHING });
  return [...present].map(([name, group]) => {
    const then = before?.get(name) ?? { key: group.key, counted: NOTHING };
    return {
      ...group,
      before: then.counted,
      metrics: { ...values(group, view), comparison: window && values(then, window) },
    };
  });
}

export const NOTHING: Counted = { openDay: '', open: [], created: [], closing: [] };

/** Owners, teams and periods have targets, and these together; nothing else. */
function targetOfGroup(
  world: OracleWorld,
  { by, targetsOf }: GroupRequest,
  window: Window,
  key: Key,
): bigint | null {
  const isTargeted = (dimension: string) =>
    dimension === 'OWNER' || dimension === 'TEAM' || isPeriod(dimension as never);
  if (targetsOf === null || !by.every(isTargeted)) return null;
  let within: Window = { from: window.from, to: window.to };
  let people: Set<string | null> | undefined;
  by.forEach((dimension, index) => {
    const value = key[index] as string | null;
    if (isPeriod(dimension)) {
      const [from, to] = periodOf(value!, dimension, world.fiscalMonth);
      within = {
        from: within.from !== null && within.from > from ? within.from : from,
        to: within.to !== null && within.to < to ? within.to : to,
      };
      return;
    }
    const own = new Set<string | null>(
      dimension === 'OWNER' ? [value] : world.users.filter(({ team }) => team === value).map(({ id }) => id),
    );
    people = people ? new Set([...people].filter((id) => own.has(id))) : own;
  });
  return targetIn(world, within, people ?? targetsOf);
}
