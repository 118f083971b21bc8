import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import { below } from '../deals/deal-selection.ts';
import { leadDefinition, type LeadMetricKey, leadMetricKeys } from './lead-definitions.ts';

/** Fields that are part of a metric beside them. */
const PART_OF: Record<string, string> = { 'ambiguity.share': 'ambiguity.ambiguous' };

const selections = new WeakMap<readonly FieldNode[], LeadMetricKey[]>();

/**
 * The metrics an operation selects below a field, or below its subfield `under` (`metrics` of a group): only these are
 * computed. Skipped ones count as selected.
 */
export function selectedLeadMetrics(
  { fieldNodes, fragments }: GraphQLResolveInfo,
  under?: string,
): LeadMetricKey[] {
  let selected = selections.get(fieldNodes);
  if (!selected) {
    const nodes = under
      ? below(fieldNodes, fragments).filter(({ name }) => name.value === under)
      : fieldNodes;
    const paths = new Set<string>();
    for (const { name, ...node } of below(nodes, fragments)) {
      paths.add(name.value);
      for (const inner of below([{ name, ...node }], fragments)) {
        const path = `${name.value}.${inner.name.value}`;
        paths.add(PART_OF[path] ?? path);
      }
    }
    selected = leadMetricKeys.filter((key) => paths.has(leadDefinition(key).path));
    selections.set(fieldNodes, selected);
  }
  return selected;
}
