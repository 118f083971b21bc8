import { DEFAULT_METRIC_SETTINGS } from '../metrics/metric-settings.ts';

/** The minutes of an activity `t`, as SQL: its own, else what is `set` for its type, else the default. */
export function activityMinutes(set: string): string {
  const defaults = Object.entries(DEFAULT_METRIC_SETTINGS.activityMinutes)
    .filter(([, minutes]) => minutes > 0)
    .map(([type, minutes]) => `when '${type}' then ${minutes}`);
  return `coalesce(t.minutes, ${set}, case t.type ${defaults.join(' ')} else 0 end)`;
}
