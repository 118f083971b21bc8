import type { FieldNode, FragmentDefinitionNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql';
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
}

const KNOWN = new Set([
  ...dealMetricKeys.map((key) => (dealDefinition(key).path ?? key).split('.')[0]!),
  ...['comparison', 'scopeNote', '__typename'],
]);

const selections = new WeakMap<readonly FieldNode[], Map<string, DealSelection>>();

/** What is selected below a field, or below its subfield `under` (`metrics` of a group). What is skipped counts as selected. */
export function selectedMetrics(
  { fieldNodes, fragments }: GraphQLResolveInfo,
  under?: string,
): DealSelection {
  let byPlace = selections.get(fieldNodes);
  if (!byPlace) selections.set(fieldNodes, (byPlace = new Map()));
  let selected = byPlace.get(under ?? '');
  if (!selected) {
    const nodes = under
      ? below(fieldNodes, fragments).filter(({ name }) => name.value === under)
      : fieldNodes;
    const paths = new Set<string>();
    collectPaths(nodes, fragments, [], paths);
    const isOfOthers = (place: string) =>
      [...paths].some(
        (path) => path.startsWith(place) && !KNOWN.has(path.slice(place.length).split('.')[0]!),
      );
    const keysUnder = (place: string) =>
      dealMetricKeys.filter((key) => paths.has(`${place}${dealDefinition(key).path ?? key}`));
    selected = {
      keys: keysUnder(''),
      compared: keysUnder('comparison.'),
      unconverted: [...paths].some((path) => path.endsWith('.unconverted')),
      others: isOfOthers(''),
      comparedOthers: isOfOthers('comparison.'),
    };
    byPlace.set(under ?? '', selected);
  }
  return selected;
}

/** `won`, `won.unconverted`, `forecast.commit.unconverted`: as deep as any metric goes. */
function collectPaths(
  nodes: readonly FieldNode[],
  fragments: Record<string, FragmentDefinitionNode>,
  prefix: string[],
  paths: Set<string>,
): void {
  for (const node of below(nodes, fragments)) {
    const path = [...prefix, node.name.value];
    paths.add(path.join('.'));
    if (path.length < 3) collectPaths([node], fragments, path, paths);
  }
}

/** The fields selected of fields, fragments opened. */
export function below(
  nodes: readonly FieldNode[],
  fragments: Record<string, FragmentDefinitionNode>,
): FieldNode[] {
  const fields: FieldNode[] = [];
  const collect = (set: SelectionSetNode | undefined) => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === 'Field') fields.push(selection);
      else if (selection.kind === 'InlineFragment') collect(selection.selectionSet);
      else collect(fragments[selection.name.value]?.selectionSet);
    }
  };
  for (const { selectionSet } of nodes) collect(selectionSet);
  return fields;
}
