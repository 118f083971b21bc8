import { coverageResolvers } from './coverage.resolver.ts';
import { engagementResolvers } from './engagement.resolver.ts';
import { JourneyResolver } from './journey.resolver.ts';
import { lineageResolvers } from './lineage.resolver.ts';
import { StagnantResolver } from './stagnant.resolver.ts';

/** Everything about accounts that is measured. */
export const accountMetricResolvers = [
  ...coverageResolvers,
  ...engagementResolvers,
  ...lineageResolvers,
  JourneyResolver,
  StagnantResolver,
];
