import sql from 'sql-template-tag';
import { ActivityType } from '../activities/activity.enums.ts';
import { BuyingRole } from '../contacts/contact.enums.ts';
import type { Snapshot } from '../database/snapshot.ts';

/** Limits and weights of metrics that each organisation sets for itself. */
export interface MetricSettings {
  /** How long an inbound activity of a type counts when it has no minutes of its own. */
  activityMinutes: Record<ActivityType, number>;
  /** The months before a moment that engagement is judged by: journey stage, MQA. */
  engagementMonths: number;
  /** An account is ENGAGED from this many minutes on. */
  engagedMinutes: number;
  /** An account is an MQA from this many minutes and this many engaged people on. */
  mqaMinutes: number;
  mqaPeople: number;
  /** Roles a buying group must have filled; none: there is no coverage to speak of. */
  requiredBuyingRoles: BuyingRole[];
  /** A first answer to a lead later than this is overdue. */
  firstResponseMinutes: number;
  /** A hand-off that nobody decided on for longer than this is overdue. */
  handoffHours: number;
  /** Days without activity up to which an open lead is active, and from there on up to which it is aging; then stale. */
  leadActiveDays: number;
  leadAgingDays: number;
  /** Days without activity after which the others are stagnant. */
  contactStagnantDays: number;
  accountStagnantDays: number;
  opportunityStagnantDays: number;
}

/** Only what differs from the defaults is stored. */
export type StoredMetricSettings = Partial<Omit<MetricSettings, 'activityMinutes'>> & {
  activityMinutes?: Partial<Record<ActivityType, number>>;
};

export const DEFAULT_METRIC_SETTINGS: MetricSettings = {
  activityMinutes: {
    [ActivityType.PAGE_VIEW]: 1,
    [ActivityType.EMAIL]: 0,
    [ActivityType.REPLY]: 2,
    [ActivityType.CALL]: 0,
    [ActivityType.DOWNLOAD]: 10,
    [ActivityType.WEBINAR]: 30,
    [ActivityType.MEETING]: 30,
    [ActivityType.EVENT]: 120,
    [ActivityType.FORM]: 0,
    [ActivityType.TASK]: 0,
    [ActivityType.OTHER]: 0,
  },
  engagementMonths: 3,
  engagedMinutes: 10,
  mqaMinutes: 100,
  mqaPeople: 2,
  requiredBuyingRoles: [BuyingRole.CHAMPION, BuyingRole.DECISION_MAKER, BuyingRole.ECONOMIC_BUYER],
  firstResponseMinutes: 60,
  handoffHours: 48,
  leadActiveDays: 30,
  leadAgingDays: 90,
  contactStagnantDays: 180,
  accountStagnantDays: 90,
  opportunityStagnantDays: 30,
};

export function withDefaults({ activityMinutes, ...others }: StoredMetricSettings): MetricSettings {
  return {
    ...DEFAULT_METRIC_SETTINGS,
    ...others,
    activityMinutes: { ...DEFAULT_METRIC_SETTINGS.activityMinutes, ...activityMinutes },
  };
}

/** As they are in this snapshot. */
export async function metricSettingsOf(snapshot: Snapshot, organizationId: string): Promise<MetricSettings> {
  const row = await snapshot.one<{ stored: StoredMetricSettings }>(
    sql`select metric_settings as stored from organization where id = ${organizationId}`,
  );
  return withDefaults(row!.stored);
}
