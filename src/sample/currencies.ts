import { minorRate, normalRate } from '../metrics/rates/minor-rate.ts';
import type { Deal } from './deals.ts';
import { newRow, type RateRow, type Setting } from './draft.ts';
import type { Random } from './random.ts';

/** Deals in a second currency, which has rates, and in a third, which has none: metrics list those as unconverted. */
const FOREIGN_DEALS = 18;
const UNRATED_DEALS = 2;
/** One euro in some currencies, about: of an organisation in another, a unit counts as one euro. */
const PER_EURO: Record<string, number> = { EUR: 1, USD: 1.09, GBP: 0.85, CHF: 0.96, JPY: 160, KWD: 0.335 };
const RATES = 13;
const DAYS_BETWEEN = 91;

const unlike = (home: string, [usual, other]: readonly [string, string]) => (home === usual ? other : usual);
const foreignTo = (home: string) => unlike(home, ['USD', 'EUR']);
const unratedAt = (home: string) => unlike(home, ['CHF', 'GBP']);

/** Says which deals are in another currency than the organisation's. */
export function chooseCurrencies({ organization, random }: Setting, deals: Deal[]): void {
  const choice = random.stream('currencies');
  // a deal that came from a lead begins in the organisation's currency, as every conversion makes it
  const own = choice.shuffled(deals.filter(({ lead }) => lead === null));
  for (const deal of own.slice(0, FOREIGN_DEALS)) deal.currency = foreignTo(organization.currency);
  const rest = own.slice(FOREIGN_DEALS).toSorted((a, b) => Number(b.isWon) - Number(a.isWon));
  for (const deal of rest.slice(0, UNRATED_DEALS)) deal.currency = unratedAt(organization.currency);
}

/** Quarterly rates of the second currency, from before the first deal on. */
export function createRates(setting: Setting): RateRow[] {
  const { calendar, organization } = setting;
  const random = setting.random.stream('rates');
  const home = organization.currency;
  const currency = foreignTo(home);
  const worth = (PER_EURO[home] ?? 1) / PER_EURO[currency]!;
  return Array.from({ length: RATES }, (_, index): RateRow => {
    const at = calendar.daysAgo((RATES - 1 - index) * DAYS_BETWEEN);
    const rate = rateAround(random, worth);
    return {
      ...newRow(setting, random, at),
      currency,
      validFrom: calendar.date(at),
      rate,
      minorRate: minorRate(rate, currency, home),
    };
  });
}

const rateAround = (random: Random, worth: number) =>
  normalRate((worth * random.number(0.95, 1.05)).toFixed(4))!;
