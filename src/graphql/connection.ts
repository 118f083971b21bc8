import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql';
import { encodeCursor, type PageRequest } from './page.ts';

@ObjectType('PageInfo', { simpleResolvers: true, description: 'Where a page lies in its list.' })
export class PageInfo {
  @Field(() => Boolean, {
    description: 'Are there rows after this page? Going backwards: whether a `before` cursor was given.',
  })
  hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Are there rows before this page? Going forwards: whether an `after` cursor was given.',
  })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: "The first row's cursor; null on an empty page." })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: "The last row's cursor; null on an empty page." })
  endCursor!: string | null;
}

/** A row as `rootPage` and `pagesByParent` select it. */
export interface ListRow {
  uuid: string;
  /** Of its parent among the parents, from 1. */
  place?: number;
  [column: string]: unknown;
}

/** One page of a list: everything beyond the rows themselves is made when it is selected. */
export class Page<Node extends object> {
  private readonly rows: ListRow[];
  private readonly hasMore: boolean;
  private mapped: Node[] | undefined;

  constructor(
    rows: ListRow[],
    private readonly request: PageRequest,
    private readonly toNode: (row: ListRow) => Node,
    private readonly count: () => Promise<number>,
  ) {
    this.hasMore = rows.length > request.size;
    if (this.hasMore) rows.length = request.size;
    if (request.backward) rows.reverse();
    this.rows = rows;
  }

  get nodes(): Node[] {
    this.mapped ??= this.rows.map(this.toNode);
    return this.mapped;
  }

  get edges(): { cursor: string; node: Node }[] {
    return this.nodes.map((node, index) => ({ cursor: this.cursor(this.rows[index]!), node }));
  }

  get pageInfo(): PageInfo {
    const { backward, cursor } = this.request;
    const first = this.rows[0];
    const last = this.rows.at(-1);
    return {
      hasNextPage: backward ? cursor !== null : this.hasMore,
      hasPreviousPage: backward ? this.hasMore : cursor !== null,
      startCursor: first ? this.cursor(first) : null,
      endCursor: last ? this.cursor(last) : null,
    };
  }

  counted(): Promise<number> {
    return this.count();
  }

  private cursor(row: ListRow): string {
    const values = this.request.orders.map((_, index) => {
      const value = row[`order${index}`];
      return value === null || value === undefined ? null : String(value);
    });
    return encodeCursor(this.request.orders, values, row.uuid);
  }
}

/** What the connection's rows are, for the descriptions: `connectionOf('Account', () => Account, 'accounts')`. */
export function connectionOf<Node extends object>(name: string, node: () => ClassType<Node>, plural: string) {
  class Edge {
    cursor!: string;
    node!: Node;
  }
  Field(() => String, { description: 'This place in the list, for `after` or `before`.' })(
    Edge.prototype,
    'cursor',
  );
  Field(node, { description: 'The row.' })(Edge.prototype, 'node');
  ObjectType(`${name}Edge`, {
    simpleResolvers: true,
    description: `One of a list of ${plural}, with its cursor.`,
  })(Edge);

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of ${plural}.` })
  class Connection extends Page<Node> {
    /** The type of its nodes. */
    static readonly nodeType = name;

    @Field(() => Int, {
      description: `How many ${plural} the whole list has, with its filter and without paging. Counted only when selected.`,
    })
    totalCount(): Promise<number> {
      return this.counted();
    }
  }
  Field(() => [Edge], { description: `The ${plural} of this page with their cursors.` })(
    Connection.prototype,
    'edges',
  );
  Field(() => [node()], { description: `The ${plural} of this page.` })(Connection.prototype, 'nodes');
  Field(() => PageInfo, { description: 'Where this page lies in the list.' })(
    Connection.prototype,
    'pageInfo',
  );
  return Connection;
}

@ArgsType()
export class ForwardPageArgs {
  @Field(() => Int, {
    nullable: true,
    description: 'How many rows at most, from the start or after `after`: 0 to 100, default 25.',
  })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'A cursor of this list: the page begins after its row.',
  })
  after?: string | null;
}

@ArgsType()
export class PageArgs extends ForwardPageArgs {
  @Field(() => Int, {
    nullable: true,
    description:
      'How many rows at most, from the end or before `before`: 0 to 100. Not together with `first`.',
  })
  last?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'A cursor of this list: the page ends before its row.',
  })
  before?: string | null;
}
