import { MetricUnit } from './metric.enums.ts';
import type { MetricDefinition } from './metric.types.ts';
import { attributionDefinitions } from './attribution/attribution-definitions.ts';
import { coverageDefinitions } from './accounts/coverage-definitions.ts';
import { engagementDefinitions } from './accounts/engagement-definitions.ts';
import { journeyDefinitions } from './accounts/journey-definitions.ts';
import { lineageDefinitions } from './accounts/lineage-definitions.ts';
import { dealDefinitions } from './deals/deal-definitions.ts';
import { overviewDefinitions } from './overview-definitions.ts';
import { movementDefinitions } from './movement/movement-definitions.ts';
import { stageDefinitions } from './stages/stage-definitions.ts';
import { leadDefinitions } from './leads/lead-definitions.ts';

/** What every metric states about itself, in words. Each family keeps it beside the SQL that computes it. */
export interface MetricText {
  /** What the catalogue calls it; absent: as the entry is called. */
  key?: string;
  /** Name to show: `Win rate`. */
  label: string;
  formula: string;
  unit: MetricUnit;
  /** The value over no rows. */
  emptyValue: '0' | 'null' | 'NONE';
}

/** The families of metrics, in the order the catalogue lists them; keys are unique among all. */
export const families: { title: string; definitions: Record<string, MetricText> }[] = [
  { title: 'Pipeline and outcome', definitions: dealDefinitions },
  { title: 'Stages and threading', definitions: stageDefinitions },
  { title: 'Movement of the pipeline', definitions: movementDefinitions },
  { title: 'Campaign influence', definitions: attributionDefinitions },
  { title: 'Leads', definitions: leadDefinitions },
  { title: 'What leads and marketing had to do with it', definitions: lineageDefinitions },
  { title: 'Engagement', definitions: engagementDefinitions },
  { title: 'Coverage of target accounts', definitions: coverageDefinitions },
  { title: 'Journey', definitions: journeyDefinitions },
  { title: 'Read off several of these', definitions: overviewDefinitions },
];

const UNITS: Record<MetricUnit, string> = {
  [MetricUnit.COUNT]: 'records',
  [MetricUnit.MONEY]: "money in the organisation's currency",
  [MetricUnit.RATIO]: 'ratio (0.6 is 60 %)',
  [MetricUnit.DAYS]: 'days',
  [MetricUnit.MONEY_PER_DAY]: "money per day in the organisation's currency",
  [MetricUnit.MINUTES]: 'minutes',
  [MetricUnit.CATEGORY]: 'one of a list of names',
};

/** For the GraphQL field of a metric. */
export function metricDescription({ formula, unit, emptyValue }: MetricText): string {
  return `${formula}\n\nUnit: ${UNITS[unit]}. Over no rows: ${emptyValue}.`;
}

let published: Map<string, MetricDefinition> | undefined;

/** The catalogue as clients read it, by what the families call its entries. */
export function catalogue(): Map<string, MetricDefinition> {
  published ??= new Map(
    families
      .flatMap(({ definitions }) => Object.entries(definitions))
      .map(([name, { key = name, label, formula, unit, emptyValue }]) => [
        name,
        { key, label, formula, unit, emptyValue },
      ]),
  );
  return published;
}

export function metricDefinition(name: string): MetricDefinition {
  return catalogue().get(name)!;
}
