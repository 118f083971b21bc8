import type { FieldNode, FragmentDefinitionNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { dealDefinition, type DealMetricKey, dealMetricKeys } from './deal-definitions.ts';

const selections = new WeakMap<readonly FieldNode[], Map<string, DealMetricKey[]>>();

/**
 * The metrics an operation selects below a field, or below its subfield `under` (`metrics` of a group): only these are
 * computed. Skipped ones count as selected.
 */
export function selectedMetrics(
  { fieldNodes, fragments }: GraphQLResolveInfo,
  under?: string,
): DealMetricKey[] {
  let byPlace = selections.get(fieldNodes);
  if (!byPlace) selections.set(fieldNodes, (byPlace = new Map()));
  let selected = byPlace.get(under ?? '');
  if (!selected) {
    const nodes = under
      ? below(fieldNodes, fragments).filter(({ name }) => name.value === under)
      : fieldNodes;
    const names = new Set<string>();
    for (const node of below(nodes, fragments)) {
      names.add(node.name.value);
      for (const inner of below([node], fragments)) names.add(`${node.name.value}.${inner.name.value}`);
    }
    selected = dealMetricKeys.filter((key) => names.has(dealDefinition(key).path ?? key));
    byPlace.set(under ?? '', selected);
  }
  return selected;
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
