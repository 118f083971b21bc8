import { Field, ObjectType } from 'type-graphql';
import { UserError, type UserErrorData } from './user-error.ts';

/** What the payload of every mutation has. */
@ObjectType({ simpleResolvers: true })
export abstract class WritePayload {
  @Field(() => [UserError], {
    description: 'Why nothing was changed; empty when all went well.',
  })
  userErrors!: UserErrorData[];
}
