import { badInput } from '../../graphql/errors.ts';
import { ExactDecimal } from '../../graphql/exact-decimal.ts';
import { comparableMoney } from '../grouping.ts';
import { leadDefinition, type LeadMetricKey, leadMetricKeys } from './lead-definitions.ts';
import { PART_OF } from './lead-selection.ts';
import { type ColumnUnit, MINUTE, numbers } from './lead-shapes.ts';

/** A number of a metric that groups can be put in order and chosen by. */
interface LeadColumn {
  key: LeadMetricKey;
  /** As `metricColumns` names it. */
  column: string;
  unit?: ColumnUnit;
}

/** Metrics by their fields and by their keys in the catalogue, the longest first: `speedToLead.withinSla`, `speedToLead`. */
const NAMES = leadMetricKeys
  .flatMap((key): [string, LeadMetricKey][] => [
    [leadDefinition(key).path, key],
    [key, key],
  ])
  .sort(([a], [b]) => b.length - a.length);

/** `created`, `leadsCreated`, `milestones.mql.numerator`, `speedToLead.p95Minutes`; `path` is the argument, for errors. */
export function leadColumn(given: string, path: string): LeadColumn {
  const name = PART_OF.get(given) ?? given;
  const [called, key] = NAMES.find(([known]) => name === known || name.startsWith(`${known}.`)) ?? [];
  if (!called || !key) throw badInput(path, `is no metric of leads: ${given}. ${known()}`);
  const own = numbers[leadDefinition(key).shape];
  const names = Object.keys(own);
  const number = name === called ? names[0]! : name.slice(called.length + 1);
  if (!names.includes(number)) throw badInput(path, `has no ${number} for ${called}: ${names.join(', ')}`);
  const [column, unit] = own[number]!;
  return { key, column: `${key}.${column}`, unit };
}

function known(): string {
  const paths = leadMetricKeys.map((key) => leadDefinition(key).path);
  return `There are ${[...paths, ...PART_OF.keys()].join(', ')}; or as the catalogue calls them: ${leadMetricKeys.join(', ')}; each also with one of its numbers (created.count)`;
}

/** A value to compare the number with, as SQL has it: money in minor units, minutes in milliseconds. */
export function comparable({ unit }: LeadColumn, value: string, currency: string): string {
  if (unit === 'minutes') return new ExactDecimal(value).mul(MINUTE).toFixed();
  return unit === 'money' ? comparableMoney(value, currency) : value;
}
