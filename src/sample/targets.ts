import { DateTime } from 'luxon';
import { toMinor } from '../graphql/money.ts';
import { fiscalQuarterOf } from '../identity/fiscal-calendar.ts';
import { newRow, type Setting, type TargetRow, type Team } from './draft.ts';

/** Fiscal quarters with targets: the last eight, this one and the next. */
const PAST = 8;
const QUARTERS = PAST + 2;
/** Per AE in the first of them and in the last: ambitious, but for a good quarter. */
const FIRST_TARGET = 30_000;
const LAST_TARGET = 65_000;
const ROUNDED_TO = 2_500;

/** The quota of each AE for each quarter, set a month before; the organisation's is what they add up to. */
export function createTargets(setting: Setting, { aes }: Team): TargetRow[] {
  const { calendar, organization } = setting;
  const random = setting.random.stream('targets');
  const { start } = fiscalQuarterOf(calendar.date(calendar.today), organization.fiscalYearStartMonth);
  const first = DateTime.fromISO(start, { zone: 'utc' }).minus({ months: 3 * PAST });
  return Array.from({ length: QUARTERS }, (_, quarter) => {
    const startsOn = first.plus({ months: 3 * quarter }).toISODate()!;
    const endsOn = first.plus({ months: 3 * (quarter + 1) }).toISODate()!;
    const planned = calendar.plusDays(calendar.at(startsOn), -30);
    const at = planned < calendar.today ? planned : calendar.daysAgo(1);
    const usual = FIRST_TARGET + ((LAST_TARGET - FIRST_TARGET) * quarter) / (QUARTERS - 1);
    return aes.map((owner): TargetRow => {
      const amount = Math.round((usual * random.number(0.8, 1.2)) / ROUNDED_TO) * ROUNDED_TO;
      return {
        ...newRow(setting, random, at),
        ownerId: owner.id,
        startsOn,
        endsOn,
        amount: toMinor(String(amount), organization.currency)!,
      };
    });
  }).flat();
}
