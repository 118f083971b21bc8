import type { FieldNode, FragmentDefinitionNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { type MetricKey, metricKeys } from './metric-definitions.ts';

const selections = new WeakMap<readonly FieldNode[], MetricKey[]>();

/** The metrics an operation selects below a field: only these are computed. Skipped ones count as selected. */
export function selectedMetrics({ fieldNodes, fragments }: GraphQLResolveInfo): MetricKey[] {
  let selected = selections.get(fieldNodes);
  if (!selected) {
    const names = new Set<string>();
    for (const node of fieldNodes) collectNames(node.selectionSet, fragments, names);
    selected = metricKeys.filter((key) => names.has(key));
    selections.set(fieldNodes, selected);
  }
  return selected;
}

function collectNames(
  set: SelectionSetNode | undefined,
  fragments: Record<string, FragmentDefinitionNode>,
  names: Set<string>,
): void {
  for (const selection of set?.selections ?? []) {
    if (selection.kind === 'Field') names.add(selection.name.value);
    else if (selection.kind === 'InlineFragment') collectNames(selection.selectionSet, fragments, names);
    else collectNames(fragments[selection.name.value]?.selectionSet, fragments, names);
  }
}
