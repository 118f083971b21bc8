import type { ActivityType } from '../../activities/activity.enums.ts';
import type { BuyingRole } from '../../contacts/contact.enums.ts';
import type { Transaction } from '../../database/database.ts';
import { once } from '../../database/idempotency.ts';
import { record } from '../../database/journal.ts';
import { changeTime } from '../../database/versioned-update.ts';
import { readFields, refuse, type Rule, wholeNumber } from '../../graphql/input-rules.ts';
import { lockedOrganization } from '../../identity/organization-settings.ts';
import type { Principal } from '../../identity/principal.ts';
import { requireRight } from '../../identity/rights.ts';
import {
  DEFAULT_METRIC_SETTINGS,
  type MetricSettings,
  type StoredMetricSettings,
  withDefaults,
} from '../metric-settings.ts';
import { BOUNDS, type NumberSetting } from './metric-bounds.ts';
import type { ActivityMinutesInput, UpdateMetricSettingsInput } from './metric-settings.type.ts';

type Rules = Record<NumberSetting, Rule<number | null, number | null>>;

const numbers = Object.fromEntries(
  Object.entries(BOUNDS)
    .filter(([name]) => name !== 'activityMinutes')
    .map(([name, bounds]) => [name, wholeNumber(bounds)]),
) as Rules;

/** Each entry once, since two that say different things would leave it open which counts. */
function eachOnce<T>(items: readonly T[], path: string[], nameOf: (item: T) => string): void {
  const names = items.map(nameOf);
  const again = names.findIndex((name, index) => names.indexOf(name) < index);
  if (again >= 0) throw refuse([...path, String(again)], `is ${names[again]}, which is there already`);
}

const buyingRoles: Rule<BuyingRole[] | null, BuyingRole[] | null> = (given, path) => {
  if (given) eachOnce(given, path, (role) => role);
  return given;
};

type MinutesByType = Partial<Record<ActivityType, number | null>>;

const activityMinutes: Rule<ActivityMinutesInput[] | null, MinutesByType | null> = (given, path) => {
  if (given === null) return null;
  eachOnce(given, path, ({ type }) => type);
  return Object.fromEntries(
    given.map(({ type, minutes = null }, index) => [
      type,
      wholeNumber(BOUNDS.activityMinutes)(minutes, [...path, String(index), 'minutes']),
    ]),
  );
};

type Changes = {
  [Name in Exclude<keyof MetricSettings, 'activityMinutes'>]?: MetricSettings[Name] | null;
} & {
  activityMinutes?: MinutesByType | null;
};

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

const withoutNulls = <T extends object>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

/** The settings with what was given; where that is null, the default. */
function changed(
  { activityMinutes: former, ...others }: MetricSettings,
  { activityMinutes: minutes, ...given }: Changes,
): MetricSettings {
  return withDefaults({
    ...withoutNulls({ ...others, ...given }),
    activityMinutes: minutes === null ? {} : withoutNulls({ ...former, ...minutes }),
  });
}

const notDefault = <T extends object>(values: T, defaults: T) =>
  Object.fromEntries(
    Object.entries(values).filter(([name, value]) => !isSame(value, defaults[name as keyof T])),
  );

/** As they are stored: without what is as by default. */
function asStored(settings: MetricSettings): StoredMetricSettings {
  const { activityMinutes, ...others } = notDefault(
    settings,
    DEFAULT_METRIC_SETTINGS,
  ) as Partial<MetricSettings>;
  const minutes = activityMinutes && notDefault(activityMinutes, DEFAULT_METRIC_SETTINGS.activityMinutes);
  return { ...others, ...(minutes && { activityMinutes: minutes }) };
}

/** Aging leads are between the active and the stale ones; told at the limit that was given. */
function requireAgingAfterActive({ leadActiveDays, leadAgingDays }: MetricSettings, given: Changes): void {
  if (leadAgingDays > leadActiveDays) return;
  if (given.leadAgingDays === undefined)
    throw refuse(['leadActiveDays'], `must be less than leadAgingDays, which is ${leadAgingDays}`);
  throw refuse(['leadAgingDays'], `must be more than leadActiveDays, which is ${leadActiveDays}`);
}

/** Changes the limits and weights that the input gives. Returns the organisation's UUID. */
export function updateMetricSettings(
  tx: Transaction,
  principal: Principal,
  input: UpdateMetricSettingsInput,
): Promise<string> {
  requireRight(principal, 'settings:write');
  return once(tx, principal, 'updateMetricSettings', input.idempotencyKey, input, async () => {
    const given: Changes = readFields(input, {
      ...numbers,
      requiredBuyingRoles: buyingRoles,
      activityMinutes,
    });
    const organization = await lockedOrganization(tx, input.ifVersion);
    const before = withDefaults(organization.metricSettings);
    const after = changed(before, given);
    requireAgingAfterActive(after, given);
    const names = (Object.keys(after) as (keyof MetricSettings)[]).filter(
      (name) => !isSame(before[name], after[name]),
    );
    if (names.length === 0) return organization.id;
    const at = changeTime(organization);
    organization.metricSettings = asStored(after);
    organization.updatedAt = at;
    const told = (settings: MetricSettings) =>
      Object.fromEntries(names.map((name) => [name, settings[name]]));
    record(tx, principal, {
      recordType: 'Organization',
      recordId: organization.id,
      action: 'updateMetricSettings',
      before: told(before),
      after: told(after),
      at,
    });
    return organization.id;
  });
}
