import type { MetricText } from './catalogue.ts';
import { MetricUnit } from './metric.enums.ts';

/** What is asked for under one name and is several metrics, or a list: where to find it. Each part has its own entry. */
export const overviewDefinitions = {
  forecast: {
    label: 'Forecast',
    formula:
      '`SalesMetrics.forecast`: opportunities with closeDate in the window by forecast category, alone (forecastPipeline, …) and together (forecastCumulativeCommit, forecastCumulativeBestCase, forecastOpenPipeline). OMITTED is in none.',
    unit: MetricUnit.MONEY,
    emptyValue: '0',
  },
  tierPipeline: {
    label: 'Pipeline by tier',
    formula:
      '`metricGroups(by: [TIER])`: any metric of opportunities by the tier of their account; accounts without a tier are a group of their own.',
    unit: MetricUnit.MONEY,
    emptyValue: '0',
  },
  movement: {
    label: 'Pipeline movement',
    formula:
      '`pipelineMovement`: start + created + reopened + pulledIn + increased − decreased − pushedOut − won − lost − omitted = end, for the number of deals and for the amount.',
    unit: MetricUnit.MONEY,
    emptyValue: '0',
  },
  leadAging: {
    label: 'Lead ageing',
    formula:
      '`LeadMetrics.ageing`: open leads by days since their last activity, else since their creation: active (up to 30), ageing (31 to 90), stale (more); the limits are settings.',
    unit: MetricUnit.COUNT,
    emptyValue: '0',
  },
  sourceEffectiveness: {
    label: 'Effectiveness of sources',
    formula:
      '`LeadMetrics.effectiveness` by `leadGroups(by: [SOURCE])`: leads, MQL, converted, opportunities, won, won amount and days to conversion of each source. Sources are compared without regard to case; leads without one are a group of their own.',
    unit: MetricUnit.COUNT,
    emptyValue: '0',
  },
  stagnant: {
    label: 'Stagnant records',
    formula:
      '`stagnantRecords`: open leads, contacts, accounts and open opportunities with more days than their limit (settings) since their last activity, else since their creation, each with its reason.',
    unit: MetricUnit.DAYS,
    emptyValue: '0',
  },
} as const satisfies Record<string, MetricText>;
