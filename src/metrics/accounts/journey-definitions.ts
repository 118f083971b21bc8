import type { MetricText } from '../catalogue.ts';
import { MetricUnit } from '../metric.enums.ts';

/** The catalogue of the journey; its SQL is in journey.queries.ts. */
export const journeyDefinitions = {
  journeyStage: {
    label: 'Journey stage',
    formula:
      'The first of these that holds for the account: CUSTOMER, it has a won opportunity; OPPORTUNITY, it has an open one; MQA, as for mqa; ENGAGED, at least 10 minutes in 3 months (settings); AWARE, it ever had a touch; TARGET, it is marked as a target; else NONE. `Account.journey` tells when each was first met, and by metricGroups(by: JOURNEY_STAGE) deals are grouped by it.',
    unit: MetricUnit.CATEGORY,
    emptyValue: 'NONE',
  },
} as const satisfies Record<string, MetricText>;
