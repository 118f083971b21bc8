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

/** What tells which fields are selected. */
export type Selecting = Pick<GraphQLResolveInfo, 'fragments' | 'variableValues'>;

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
