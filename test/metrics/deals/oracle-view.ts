import {
  comparedWindow,
  type Interval,
  lastMomentBefore,
  localDate,
  namedWindow,
  periodOf,
  type Window,
  type WindowInput,
} from './calendar.ts';
import { counted, type Counted, oracle, type Sales } from './oracle-sales.ts';
import { dealsAt, type DealThen, type OracleWorld } from './oracle-world.ts';

/** How a request looks at the world. */
export interface Request {
  window?: WindowInput | null;
  /** Milliseconds; absent: now. */
  asOf?: number | null;
  amountBasis?: 'CURRENT' | 'AT_CREATION' | null;
  /** Which deals; all when absent. */
  among?: (deal: DealThen) => boolean;
  /** Whose targets count; absent: the organisation's, null: nobody's. */
  targetsOf?: Set<string | null> | null;
}

export interface View extends Window {
  timeZone: string;
  moment: number;
  compared: Window | null;
}

export function viewOf(world: OracleWorld, { window, asOf }: Request): View {
  const timeZone = window?.timeZone ?? world.timeZone;
  const moment = Math.min(asOf ?? Infinity, Date.now());
  const { from = null, to = null } =
    window?.named == null
      ? (window ?? {})
      : namedWindow(window.named, localDate(moment, timeZone), world.fiscalMonth);
  const compared =
    window?.compare && from !== null && to !== null ? comparedWindow(window, { from, to }) : null;
  return { from, to, timeZone, moment, compared };
}

/** Σ of the targets whose period lies in a window; null where there is none. */
export function targetIn(
  world: OracleWorld,
  { from, to }: Window,
  owners?: Set<string | null> | null,
): bigint | null {
  if (owners === null) return null;
  const within = world.targets.filter(
    (target) => (from === null || target.from >= from) && (to === null || target.to <= to),
  );
  const add = (targets: typeof within) =>
    targets.length === 0 ? null : targets.reduce((total, { amount }) => total + amount, 0n);
  if (owners) return add(within.filter(({ ownerId }) => ownerId !== null && owners.has(ownerId)));
  return add(within.filter(({ ownerId }) => ownerId === null)) ?? add(within);
}

const everything = () => true;

/** The deals a request counts in a window, current-state values as of the end of it where `asOfEnd`. */
export function countedBy(
  world: OracleWorld,
  { among = everything }: Request,
  { timeZone, moment }: View,
  window: Window,
  asOfEnd: boolean,
): Counted {
  const end = asOfEnd ? Math.min(lastMomentBefore(window.to!, timeZone), moment) : moment;
  const [now, atEnd] = [moment, end].map((at) => dealsAt(world, at).filter(among)) as [
    DealThen[],
    DealThen[],
  ];
  return counted(now, window, timeZone, end, atEnd);
}

function salesIn(world: OracleWorld, request: Request, view: View, window: Window, asOfEnd: boolean): Sales {
  return oracle(world, countedBy(world, request, view, window, asOfEnd), {
    basis: request.amountBasis ?? 'CURRENT',
    target: targetIn(world, window, request.targetsOf),
  });
}

/** The metrics of a request, with those of the compared window. */
export function salesOf(world: OracleWorld, request: Request): Sales & { comparison: Sales | null } {
  const view = viewOf(world, request);
  const comparison = view.compared && salesIn(world, request, view, view.compared, true);
  return { ...salesIn(world, request, view, view, false), comparison };
}

/** The periods of a window with both ends, the first and the last cut to it. */
export function periodsIn({ from, to }: Window, interval: Interval, fiscalMonth: number) {
  const periods: { from: string; to: string }[] = [];
  for (let day = from!; day < to!;) {
    const end = periodOf(day, interval, fiscalMonth)[1];
    periods.push({ from: day, to: end < to! ? end : to! });
    day = end;
  }
  return periods;
}

export function seriesOf(world: OracleWorld, interval: Interval, request: Request) {
  const view = viewOf(world, request);
  return periodsIn(view, interval, world.fiscalMonth).map((period) => ({
    ...period,
    metrics: { ...salesIn(world, request, view, period, true), comparison: null },
  }));
}
