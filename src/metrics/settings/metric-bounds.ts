import type { MetricSettings } from '../metric-settings.ts';

/** The settings that are one number each. */
export type NumberSetting = Exclude<keyof MetricSettings, 'activityMinutes' | 'requiredBuyingRoles'>;

const DAYS = { min: 1, max: 3650 };
const MINUTES = { min: 1, max: 100_000 };

/** What a setting can be; `activityMinutes`: those of each type. */
export const BOUNDS: Record<NumberSetting | 'activityMinutes', { min: number; max: number }> = {
  activityMinutes: { min: 0, max: 1440 },
  engagementMonths: { min: 1, max: 24 },
  engagedMinutes: MINUTES,
  mqaMinutes: MINUTES,
  mqaPeople: { min: 1, max: 1000 },
  firstResponseMinutes: { min: 1, max: 43_200 },
  handoffHours: { min: 1, max: 8760 },
  leadActiveDays: DAYS,
  leadAgingDays: DAYS,
  contactStagnantDays: DAYS,
  accountStagnantDays: DAYS,
  opportunityStagnantDays: DAYS,
};
