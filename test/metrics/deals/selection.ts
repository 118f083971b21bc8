import { parseId } from '../../../src/graphql/ids.ts';
import type { Data } from '../../support/graphql.ts';
import type { Dimension, Key } from './oracle-groups.ts';
import { isPeriod } from './oracle-groups.ts';
import { folded, type OracleWorld } from './oracle-world.ts';
import type { WindowInput } from './calendar.ts';

export const forecastCategories = [
  ...['pipeline', 'bestCase', 'mostLikely', 'commit', 'closed'],
  ...['cumulativeCommit', 'cumulativeBestCase', 'openPipeline'],
];

/** Fragments that select every value of every metric; `All` with the compared window's, `Own` without. */
export const everyMetric = `
  fragment Amount on AmountMetric { count amount { amount currency } amountMissing unconverted { amount currency } }
  fragment Rate on RateMetric { value numerator denominator }
  fragment Money on MoneyMetric { value { amount currency } count }
  fragment Own on SalesMetrics {
    openPipeline { ...Amount } weightedPipeline { ...Amount } pipelineCreated { ...Amount } won { ...Amount } lost { ...Amount }
    winRate { ...Rate } winRateByValue { ...Rate } closeRate { ...Rate } closeRateOpen coverage { ...Rate }
    averageDealSize { ...Money } medianDealSize { ...Money } velocity { ...Money } slipped { ...Amount }
    salesCycle { meanDays medianDays p90Days count negative }
    forecast { ${forecastCategories.map((category) => `${category} { ...Amount }`).join(' ')} }
  }
  fragment All on SalesMetrics { ...Own comparison { ...Own } }`;

/** Fragments that select the number and the ids of the opportunities behind every metric. */
export const everyRecord = `
  fragment Counted on AmountMetric { count records(first: $first) { totalCount nodes { id } } }
  fragment CountedRate on RateMetric { denominator records(first: $first) { totalCount nodes { id } } }
  fragment CountedMoney on MoneyMetric { count records(first: $first) { totalCount nodes { id } } }
  fragment Records on SalesMetrics {
    openPipeline { ...Counted } weightedPipeline { ...Counted } pipelineCreated { ...Counted } won { ...Counted } lost { ...Counted }
    winRate { ...CountedRate } winRateByValue { ...CountedRate } closeRate { ...CountedRate } coverage { ...CountedRate }
    averageDealSize { ...CountedMoney } medianDealSize { ...CountedMoney } velocity { ...CountedMoney } slipped { ...Counted }
    salesCycle { count records(first: $first) { totalCount nodes { id } } }
    forecast { ${forecastCategories.map((category) => `${category} { ...Counted }`).join(' ')} }
  }`;

/** What tells groups apart, and how they are called. */
export const everyKey = `
  fragment Key on MetricKey {
    label isOther account { id } accountType country customValue industry owner { id } period source stage { position } team tier
  }`;

/** Floats to 12 digits: PostgreSQL divides decimals to fewer digits than the oracle. Everything else as it is. */
export function comparable(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(12)) + 0;
  if (Array.isArray(value)) return value.map(comparable);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, comparable(inner)]));
}

const uuid = (record: { id: string } | null) => record && parseId(record.id)!.uuid;

/** The key of a group as the oracle has it. */
export function keyFrom({ campaigns }: OracleWorld, by: Dimension[], key: Data): Key {
  return by.map((dimension, index) => {
    switch (dimension) {
      case 'ACCOUNT':
        return uuid(key['account']);
      case 'CAMPAIGN':
        return campaigns.find(({ name }) => name === key['label']?.split(' · ')[index])?.id ?? null;
      case 'COUNTRY':
        return folded(key['country']);
      case 'CUSTOM_FIELD':
        return key['customValue'];
      case 'INDUSTRY':
        return folded(key['industry']);
      case 'OWNER':
        return uuid(key['owner']);
      case 'SOURCE':
        return folded(key['source']);
      case 'STAGE':
        return key['stage'].position;
      case 'TEAM':
        return key['team'];
      case 'TIER':
        return key['tier'];
      case 'TYPE':
        return key['accountType'];
      default:
        return isPeriod(dimension) ? key['period'] : null;
    }
  });
}

/** A window and a moment as variables of an operation. */
export function variablesOf(window: WindowInput, asOf: number | null) {
  return { window, asOf: asOf === null ? null : new Date(asOf).toISOString() };
}
