import { createUnionType, Field, ObjectType } from 'type-graphql';
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

  @Field(() => Boolean, { description: 'May this person sign in and own new records?' })
  isActive!: boolean;
}

@ObjectType('Queue', {
  implements: Node,
  simpleResolvers: true,
  description: 'Owns leads until a person takes them.',
})
export class Queue extends Node {
  @Field(() => String, { description: "The queue's name." })
  name!: string;
}

export const Owner = createUnionType({
  name: 'Owner',
  description: 'Who a lead belongs to: a person, or a queue until a person takes it.',
  types: () => [User, Queue] as const,
  resolveType: (owner) => ('role' in owner ? 'User' : 'Queue'),
});
