import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import { connectionOf, type ListRow } from '../graphql/connection.ts';
import { encodeId } from '../graphql/ids.ts';
import { Node } from '../graphql/node.type.ts';
import { Role } from './identity.enums.ts';

@ObjectType('User', { implements: Node, simpleResolvers: true, description: 'A person of the organisation.' })
export class User extends Node {
  @Field(() => String, { description: 'The name shown to others.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'E-mail address; null for a person known only from an import or a token.',
  })
  email!: string | null;

  @Field(() => Role, { description: 'What the person may do.' })
  role!: Role;

  @Field(() => String, {
    nullable: true,
    description: 'The team that metrics count this person’s deals for; null when in none.',
  })
  team!: string | null;

  @Field(() => Boolean, { description: 'May this person sign in and own new records?' })
  isActive!: boolean;

  @Field(() => Int, {
    description: 'Goes up with every change; pass it as `ifVersion` to change only what you have seen.',
  })
  version!: number;
}

export const UserConnection = connectionOf('User', () => User, 'users');
export type UserConnection = InstanceType<typeof UserConnection>;

/** Each property of a row over the alias `t`. */
export const userColumns = {
  uuid: 't.id',
  name: 't.name',
  email: 't.email',
  role: 't.role',
  team: 't.team',
  isActive: 't.is_active',
  version: 't.version',
};

export function toUser(row: ListRow): User {
  const user = row as unknown as User;
  user.id = encodeId('User', row.uuid);
  return user;
}

export const userList = { connection: UserConnection, toNode: toUser };

@ObjectType('Queue', {
  implements: Node,
  simpleResolvers: true,
  description: 'Owns leads until a person takes them.',
})
export class Queue extends Node {
  @Field(() => String, { description: "The queue's name." })
  name!: string;

  @Field(() => Int, {
    description: 'Goes up with every change; pass it as `ifVersion` to change only what you have seen.',
  })
  version!: number;
}

export const QueueConnection = connectionOf('Queue', () => Queue, 'queues');
export type QueueConnection = InstanceType<typeof QueueConnection>;

/** Each property of a row over the alias `t`. */
export const queueColumns = { uuid: 't.id', name: 't.name', version: 't.version' };

export function toQueue(row: ListRow): Queue {
  const queue = row as unknown as Queue;
  queue.id = encodeId('Queue', row.uuid);
  return queue;
}

export const queueList = { connection: QueueConnection, toNode: toQueue };

export const Owner = createUnionType({
  name: 'Owner',
  description: 'Who a lead belongs to: a person, or a queue until a person takes it.',
  types: () => [User, Queue] as const,
  resolveType: (owner) => ('role' in owner ? 'User' : 'Queue'),
});
