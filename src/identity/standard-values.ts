import { ForecastCategory } from '../opportunities/opportunity.enums.ts';

/** Salesforce's ten standard stages, in order. */
export const STANDARD_STAGES = [
  { name: 'Prospecting', probability: 10, forecastCategory: ForecastCategory.PIPELINE },
  { name: 'Qualification', probability: 10, forecastCategory: ForecastCategory.PIPELINE },
  { name: 'Needs Analysis', probability: 20, forecastCategory: ForecastCategory.PIPELINE },
  { name: 'Value Proposition', probability: 50, forecastCategory: ForecastCategory.PIPELINE },
  { name: 'Id. Decision Makers', probability: 60, forecastCategory: ForecastCategory.PIPELINE },
  { name: 'Perception Analysis', probability: 70, forecastCategory: ForecastCategory.PIPELINE },
  { name: 'Proposal/Price Quote', probability: 75, forecastCategory: ForecastCategory.PIPELINE },
  { name: 'Negotiation/Review', probability: 90, forecastCategory: ForecastCategory.PIPELINE },
  {
    name: 'Closed Won',
    probability: 100,
    forecastCategory: ForecastCategory.CLOSED,
    isClosed: true,
    isWon: true,
  },
  { name: 'Closed Lost', probability: 0, forecastCategory: ForecastCategory.OMITTED, isClosed: true },
].map((stage, index) => ({ isClosed: false, isWon: false, position: index + 1, ...stage }));

/** Salesforce's standard lead statuses, in order. */
export const STANDARD_LEAD_STATUSES = [
  { name: 'Open - Not Contacted' },
  { name: 'Working - Contacted' },
  { name: 'Closed - Converted', isConverted: true, isClosed: true },
  { name: 'Closed - Not Converted', isClosed: true },
].map((status, index) => ({ isConverted: false, isClosed: false, position: index + 1, ...status }));
