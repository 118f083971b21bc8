import fc from 'fast-check';
import { intervals, namedWindows, type WindowInput } from './calendar.ts';
import { day } from './generated-world.ts';
import type { OracleWorld } from './oracle-world.ts';
import type { Dimension } from './oracle-groups.ts';

const zones = ['UTC', 'Europe/Berlin', 'America/Havana', 'Asia/Beirut', 'Pacific/Auckland'];
const timeZone = fc.constantFrom(undefined, undefined, ...zones);
const compare = fc.constantFrom(undefined, 'PREVIOUS' as const, 'LAST_YEAR' as const);

/** From one day to another, both included in what is generated, never reversed. */
const between = fc.tuple(day, day).map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a }));

const bounded: fc.Arbitrary<WindowInput> = fc.oneof(
  between,
  fc.constantFrom(
    ...namedWindows.filter((named) => named !== 'ALL_TIME').map((named): WindowInput => ({ named })),
  ),
);

/** With both ends. */
export const anySpan: fc.Arbitrary<WindowInput> = fc
  .tuple(bounded, timeZone)
  .map(([window, zone]) => ({ ...window, timeZone: zone }));

export const anyWindow: fc.Arbitrary<WindowInput> = fc.oneof(
  fc.record({ from: fc.option(day), timeZone }),
  fc.record({ to: fc.option(day), timeZone }),
  fc.constant({ named: 'ALL_TIME' }),
  fc.tuple(anySpan, compare).map(([window, compared]) => ({ ...window, compare: compared })),
  fc.tuple(anySpan, compare).map(([window, compared]) => ({ ...window, compare: compared })),
);

/** Now, or a moment at which something happened, or the millisecond beside; a window relative to today is seen from then. */
export function anyMoment({ deals }: OracleWorld, window: WindowInput): fc.Arbitrary<number | null> {
  const moments = deals.flatMap(({ versions }) => versions.map(({ from }) => from.getTime()));
  const some = fc
    .tuple(fc.constantFrom(Date.parse('2024-03-15'), ...moments), fc.integer({ min: -1, max: 1 }))
    .map(([moment, beside]) => moment + beside);
  return window.named && window.named !== 'ALL_TIME'
    ? some
    : fc.oneof(fc.constant(null), some, fc.constant(Date.parse('2100-01-01')));
}

const others: Dimension[] = [
  'ACCOUNT',
  'CAMPAIGN',
  'COUNTRY',
  'CUSTOM_FIELD',
  'INDUSTRY',
  'OWNER',
  'SOURCE',
  'STAGE',
  'TEAM',
  'TIER',
  'TYPE',
];

export const dimensions: Dimension[] = [...others, ...intervals];

/** One to three dimensions, at most one of them a period, in any order. */
export const anyDimensions: fc.Arbitrary<Dimension[]> = fc.oneof(
  fc.constantFrom(...dimensions).map((one) => [one]),
  fc
    .tuple(
      fc.shuffledSubarray(others, { minLength: 1, maxLength: 2 }),
      fc.constantFrom(...intervals),
      fc.boolean(),
    )
    .map(([some, interval, isFirst]) => (isFirst ? [interval, ...some] : [...some, interval])),
  fc.shuffledSubarray(others, { minLength: 2, maxLength: 3 }),
);

export const customOf = fc.constantFrom('OPPORTUNITY' as const, 'ACCOUNT' as const);
export const amountBasis = fc.constantFrom('CURRENT' as const, 'AT_CREATION' as const, undefined);

/** The argument that says which custom field CUSTOM_FIELD is; null without that dimension. */
export function customField(by: Dimension[], record: 'ACCOUNT' | 'OPPORTUNITY') {
  if (!by.includes('CUSTOM_FIELD')) return null;
  return { record, key: record === 'ACCOUNT' ? 'region' : 'segment' };
}
