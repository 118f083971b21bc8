import {
  type FieldNode,
  getDirectiveValues,
  type GraphQLDirective,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
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

/** What depends on the document alone is found once; boolean variables can skip and include. */
export function remembered<T>(
  known: WeakMap<readonly FieldNode[], Map<string, T>>,
  { fieldNodes, variableValues }: GraphQLResolveInfo,
  place: string,
  find: () => T,
): T {
  if (Object.values(variableValues).some((value) => typeof value === 'boolean')) return find();
  let byPlace = known.get(fieldNodes);
  if (!byPlace) known.set(fieldNodes, (byPlace = new Map()));
  let found = byPlace.get(place);
  if (found === undefined) byPlace.set(place, (found = find()));
  return found;
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

type Selecting = Pick<GraphQLResolveInfo, 'fragments' | 'variableValues'>;

/** Whether `@skip` and `@include` leave it in. */
function isIncluded(node: SelectionNode, { variableValues }: Selecting): boolean {
  const condition = (directive: GraphQLDirective) =>
    getDirectiveValues(directive, node, variableValues)?.['if'];
  return condition(GraphQLSkipDirective) !== true && condition(GraphQLIncludeDirective) !== false;
}

/** The fields selected of fields, fragments opened. */
export function below(nodes: readonly FieldNode[], info: Selecting): FieldNode[] {
  const fields: FieldNode[] = [];
  const collect = (set: SelectionSetNode | undefined) => {
    for (const selection of set?.selections ?? []) {
      if (!isIncluded(selection, info)) continue;
      if (selection.kind === 'Field') fields.push(selection);
      else if (selection.kind === 'InlineFragment') collect(selection.selectionSet);
      else collect(info.fragments[selection.name.value]?.selectionSet);
    }
  };
  for (const { selectionSet } of nodes) collect(selectionSet);
  return fields;
}
