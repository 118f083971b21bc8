import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf, type ListRow } from '../../graphql/connection.ts';
import { encodeId } from '../../graphql/ids.ts';
import { Node } from '../../graphql/node.type.ts';
import { DateScalar, DateTimeScalar } from '../../graphql/scalars.ts';

@ObjectType('SalesTarget', {
  implements: Node,
  simpleResolvers: true,
  description:
    'A quota: what is to be won in a period, by one person or by the whole organisation. Pipeline coverage is measured by those whose period lies in its window.',
})
export class SalesTarget extends Node {
  ownerUuid!: string | null;
  /** Minor units of the organisation's currency. */
  minor!: string;

  @Field(() => DateScalar, { description: 'First day of the period.' })
  from!: string;

  @Field(() => DateScalar, { description: 'First day after the period.' })
  to!: string;

  @Field(() => DateTimeScalar, { description: 'When it was set first.' })
  createdAt!: string;

  @Field(() => DateTimeScalar, { description: 'When it was last changed.' })
  updatedAt!: string;

  @Field(() => Int, { description: 'Goes up with every change of it.' })
  version!: number;
}

export const SalesTargetConnection = connectionOf('SalesTarget', () => SalesTarget, 'targets');
export type SalesTargetConnection = InstanceType<typeof SalesTargetConnection>;

/** Each property of a row over the alias `t`. */
export const targetColumns = {
  uuid: 't.id',
  ownerUuid: 't.owner_id',
  minor: 't.amount',
  from: 't.starts_on',
  to: 't.ends_on',
  createdAt: 't.created_at',
  updatedAt: 't.updated_at',
  version: 't.version',
};

export function toTarget(row: ListRow): SalesTarget {
  const target = row as unknown as SalesTarget;
  target.id = encodeId('SalesTarget', row.uuid);
  return target;
}

export const targetList = { connection: SalesTargetConnection, toNode: toTarget };
