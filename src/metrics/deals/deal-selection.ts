import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import { below, remembered, type Selecting } from '../selected-fields.ts';
import { dealDefinition, type DealMetricKey, dealMetricKeys } from './deal-definitions.ts';

/** What an operation wants of metrics: only that is computed. */
export interface DealSelection {
  keys: DealMetricKey[];
  /** Of the compared window. */
  compared: DealMetricKey[];
  /** The amounts that could not be converted: another look at all the rows. */
  unconverted: boolean;
  /** Something of another family (engagement, stages, …), whatever deals that looks at. */
  others: boolean;
  /** The same of the compared window. */
  comparedOthers: boolean;
  /** Engagement: of accounts, whether they have deals or not. */
  engagement: boolean;
}

const KNOWN = new Set([
  ...dealMetricKeys.map((key) => (dealDefinition(key).path ?? key).split('.')[0]!),
  ...['comparison', 'scopeNote', '__typename'],
]);

const selections = new WeakMap<readonly FieldNode[], Map<string, DealSelection>>();

/** What is selected below a field, or below its subfield `under` (`metrics` of a group), and not skipped. */
export function selectedMetrics(info: GraphQLResolveInfo, under?: string): DealSelection {
  return remembered(selections, info, under ?? '', () => {
    const nodes = under
      ? below(info.fieldNodes, info).filter(({ name }) => name.value === under)
      : info.fieldNodes;
    const paths = new Set<string>();
    collectPaths(nodes, info, [], paths);
    const isOfOthers = (place: string) =>
      [...paths].some(
        (path) => path.startsWith(place) && !KNOWN.has(path.slice(place.length).split('.')[0]!),
      );
    const keysUnder = (place: string) =>
      dealMetricKeys.filter((key) => paths.has(`${place}${dealDefinition(key).path ?? key}`));
    return {
      keys: keysUnder(''),
      compared: keysUnder('comparison.'),
      unconverted: [...paths].some((path) => path.endsWith('.unconverted')),
      others: isOfOthers(''),
      comparedOthers: isOfOthers('comparison.'),
      engagement: paths.has('engagement') || paths.has('comparison.engagement'),
    };
  });
}

/** `won`, `won.unconverted`, `forecast.commit.unconverted`: as deep as any metric goes. */
function collectPaths(
  nodes: readonly FieldNode[],
  info: Selecting,
  prefix: string[],
  paths: Set<string>,
): void {
  for (const node of below(nodes, info)) {
    const path = [...prefix, node.name.value];
    paths.add(path.join('.'));
    if (path.length < 3) collectPaths([node], info, path, paths);
  }
}
