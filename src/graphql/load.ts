import DataLoader from 'dataloader';
import type { Snapshot } from '../database/snapshot.ts';
import { Page, type ListRow } from './connection.ts';
import type { Context } from './context.ts';
import { type NodeType, parseId } from './ids.ts';
import {
  countsByParent,
  type Linking,
  type ListSource,
  type PageRequest,
  pagesByParent,
  rootCount,
  rootPage,
} from './page.ts';

type ByIds<T> = (snapshot: Snapshot, organizationId: string, ids: readonly string[]) => Promise<T[]>;

/** One SQL for all records of a type an operation refers to; null for what is not there (or is deleted). */
export function loadById<T extends { id: string; askedUuid?: string }>(
  context: Context,
  type: NodeType,
  byIds: ByIds<T>,
  uuid: string | null,
): Promise<T | null> | null {
  if (uuid === null) return null;
  return context
    .loader<string, T | null>(
      `${type} by id`,
      () =>
        new DataLoader(async (ids) => {
          const rows = await byIds(context.snapshot, context.organization.id, ids);
          const byId = new Map(rows.map((row) => [row.askedUuid ?? parseId(row.id)!.uuid, row]));
          return ids.map((id) => byId.get(id) ?? null);
        }),
    )
    .load(uuid);
}

interface Connection<Node extends object, P extends Page<Node>> {
  nodeType: string;
  new (
    rows: ListRow[],
    request: PageRequest,
    toNode: (row: ListRow) => Node,
    count: () => Promise<number>,
  ): P;
}

/** A list of the API: its connection class, and how its rows become nodes. */
export interface List<Node extends object, P extends Page<Node>> {
  connection: Connection<Node, P>;
  toNode: (row: ListRow) => Node;
  /** Fields that are read whether or not they are selected. */
  always?: string[];
}

/** Reads only the columns of selected fields: most of a page's cost is in the columns. */
function selected<Node extends object, P extends Page<Node>>(
  { selection }: Context,
  { connection, always = [] }: List<Node, P>,
  source: ListSource,
): ListSource {
  const columns = Object.entries(source.columns).filter(
    ([property]) => always.includes(property) || !selection?.leavesOut(connection.nodeType, property),
  );
  return { ...source, columns: Object.fromEntries(columns) };
}

/** Without what only cursors and `pageInfo` need, when neither is selected. */
function narrowed<Node extends object, P extends Page<Node>>(
  { selection }: Context,
  { connection: { nodeType } }: List<Node, P>,
  request: PageRequest,
): PageRequest {
  const unused = (field: string) => selection?.leavesOut(`${nodeType}Connection`, field) === true;
  return { ...request, nodesOnly: unused('edges') && unused('pageInfo') };
}

/** A root list: one SQL for the page, one for the count when selected. */
export async function loadPage<Node extends object, P extends Page<Node>>(
  context: Context,
  list: List<Node, P>,
  source: ListSource,
  request: PageRequest,
): Promise<P> {
  const rows = await context.snapshot.query<ListRow>(
    rootPage(selected(context, list, source), narrowed(context, list, request)),
  );
  return new list.connection(rows, request, list.toNode, async () => {
    const row = await context.snapshot.one<{ count: string }>(rootCount(source));
    return Number(row?.count);
  });
}

/**
 * The same list under many parents: one SQL for all their pages, one for all their counts when selected. `name` and
 * `args` tell the lists of one operation apart (a field may be selected twice with other arguments).
 */
export function loadPageOf<Node extends object, P extends Page<Node>>(
  context: Context,
  name: string,
  args: object,
  parent: string,
  list: List<Node, P>,
  make: () => { source: ListSource; request: PageRequest } & Linking,
): Promise<P> {
  const key = `${name} ${JSON.stringify(args)}`;
  return context
    .loader<string, P>(key, () => {
      const { source, request, ...linking } = make();
      const counts = new DataLoader<string, number>(async (parents) => {
        const rows = await context.snapshot.query<{ parent: string; count: string }>(
          countsByParent(parents, source, linking),
        );
        const byParent = new Map(rows.map((row) => [row.parent, Number(row.count)]));
        return parents.map((id) => byParent.get(id) ?? 0);
      });
      return new DataLoader(async (parents) => {
        const rows = await context.snapshot.query<ListRow>(
          pagesByParent(parents, selected(context, list, source), linking, narrowed(context, list, request)),
        );
        const byPlace = Map.groupBy(rows, (row) => row.place!);
        return parents.map(
          (id, index) =>
            new list.connection(byPlace.get(index + 1) ?? [], request, list.toNode, () => counts.load(id)),
        );
      });
    })
    .load(parent);
}
