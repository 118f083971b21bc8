import { pageSize } from '../graphql/limits.ts';
import { DEFAULT_GROUPS, MAX_GROUPS } from '../graphql/page.ts';
import { periodCount, type SeriesRequest } from './metric-periods.ts';

/** As how many objects a field counts towards the limit of an operation, by its arguments and what is selected below it. */
interface Asked {
  args: Record<string, unknown>;
  childComplexity: number;
}

/** Metrics of all records read them, several times for several families of them, and sort them. */
const COST = 3_000;

export const metricsCost = ({ childComplexity }: Asked): number => COST + childComplexity;

export const pageCost = ({ args, childComplexity }: Asked): number => COST + pageSize(args) * childComplexity;

const groupCount = (first: unknown): number =>
  typeof first === 'number' ? Math.min(Math.max(first, 0), MAX_GROUPS) : DEFAULT_GROUPS;

export const groupsCost = ({ args: { first }, childComplexity }: Asked): number =>
  COST + groupCount(first) * (1 + childComplexity);

export const seriesCost = ({ args, childComplexity }: Asked): number =>
  COST + periodCount(args as unknown as SeriesRequest) * (1 + childComplexity);
