import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { WritePayload } from '../graphql/write-payload.ts';
import { User } from './user.type.ts';

@InputType('UpdateUserInput', {
  description: 'A change of a person. A field that is omitted stays as it is.',
})
export class UpdateUserInput {
  @Field(() => ID, { description: 'Which person.' })
  user!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The team metrics count the person for: at most 255 characters, whatever case and accents; spelled as those who are in it have it. Null or blank: none.',
  })
  team?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The `version` you have seen: refused as STALE_VERSION when the person has changed since.',
  })
  ifVersion?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'At most 255 characters, chosen by the client: the same key and input again do nothing and answer the same.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('UserPayload', { simpleResolvers: true, description: 'The person as they are now.' })
export class UserPayload extends WritePayload {
  @Field(() => User, { nullable: true, description: 'The person; null when the change was refused.' })
  user!: User | null;
}
