import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import { below } from '../deals/deal-selection.ts';
import { leadDefinition, type LeadMetricKey, leadMetricKeys } from './lead-definitions.ts';

/** Fields that are part of a metric beside them. */
export const PART_OF: ReadonlyMap<string, string> = new Map([['ambiguity.share', 'ambiguity.ambiguous']]);

const selections = new WeakMap<readonly FieldNode[], Map<string, LeadMetricKey[]>>();

/**
 * The metrics an operation selects below a field, or below a subfield of it (`metrics` and `metrics`, `comparison` of a
 * group): only these are computed. Skipped ones count as selected.
 */
export function selectedLeadMetrics(
  { fieldNodes, fragments }: GraphQLResolveInfo,
  ...under: string[]
): LeadMetricKey[] {
  let byPlace = selections.get(fieldNodes);
  if (!byPlace) selections.set(fieldNodes, (byPlace = new Map()));
  const place = under.join('.');
  let selected = byPlace.get(place);
  if (!selected) {
    const nodes = under.reduce<readonly FieldNode[]>(
      (fields, wanted) => below(fields, fragments).filter(({ name }) => name.value === wanted),
      fieldNodes,
    );
    const paths = new Set<string>();
    for (const { name, ...node } of below(nodes, fragments)) {
      paths.add(name.value);
      for (const inner of below([{ name, ...node }], fragments)) {
        const path = `${name.value}.${inner.name.value}`;
        paths.add(PART_OF.get(path) ?? path);
      }
    }
    selected = leadMetricKeys.filter((key) => paths.has(leadDefinition(key).path));
    byPlace.set(place, selected);
  }
  return selected;
}
