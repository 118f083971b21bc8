import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import { below, remembered } from '../selected-fields.ts';
import { leadDefinition, type LeadMetricKey, leadMetricKeys } from './lead-definitions.ts';

/** Fields that are part of a metric beside them. */
export const PART_OF: ReadonlyMap<string, string> = new Map([['ambiguity.share', 'ambiguity.ambiguous']]);

const selections = new WeakMap<readonly FieldNode[], Map<string, LeadMetricKey[]>>();

/**
 * The metrics an operation selects below a field, or below a subfield of it (`metrics` and `metrics`, `comparison` of a
 * group), and does not skip: only these are computed.
 */
export function selectedLeadMetrics(info: GraphQLResolveInfo, ...under: string[]): LeadMetricKey[] {
  return remembered(selections, info, under.join('.'), () => {
    const nodes = under.reduce<readonly FieldNode[]>(
      (fields, wanted) => below(fields, info).filter(({ name }) => name.value === wanted),
      info.fieldNodes,
    );
    const paths = new Set<string>();
    for (const { name, ...node } of below(nodes, info)) {
      paths.add(name.value);
      for (const inner of below([{ name, ...node }], info)) {
        const path = `${name.value}.${inner.name.value}`;
        paths.add(PART_OF.get(path) ?? path);
      }
    }
    return leadMetricKeys.filter((key) => paths.has(leadDefinition(key).path));
  });
}
