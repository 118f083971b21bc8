import type { MetricText } from '../catalogue.ts';
import { MetricUnit } from '../metric.enums.ts';
import { INBOUND } from './account-activity.ts';

/** The catalogue of engagement; its SQL is in engagement.queries.ts, over the activities that `INBOUND` is about. */
export const engagementDefinitions = {
  engagement: {
    key: 'engagementMinutes',
    label: 'Engagement',
    formula: `Σ minutes (its own, else those set for its type) of activities in the window, each ${INBOUND}. People: those with more than 0 minutes. Trend: (minutes − minutes of the window before) ÷ these, which is the one that compare PREVIOUS names: of a month the month before, of dates as many days; null when they are 0 or the window is open-ended. The accounts are: of an account itself (with includeChildren those below it, too); of a scope those that satisfy scope.account and have at least one opportunity that satisfies scope.opportunity (if given); of groups by what accounts have (ACCOUNT, TIER, INDUSTRY, TYPE, COUNTRY, JOURNEY_STAGE, a custom field of accounts) those of the scope with that value, so that these groups, with opportunities or without, add up in minutes and contacts; of other groups those of its opportunities, so that an account may count in several of them.`,
    unit: MetricUnit.MINUTES,
    emptyValue: '0',
  },
  penetration: {
    label: 'Penetration',
    formula:
      'Contacts of the accounts with more than 0 minutes of inbound activities in the window ÷ contacts of the accounts.',
    unit: MetricUnit.RATIO,
    emptyValue: 'null',
  },
} as const satisfies Record<string, MetricText>;
