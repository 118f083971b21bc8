import { Field, Int, ObjectType } from 'type-graphql';
import { Node } from '../graphql/node.type.ts';
import { DuplicatePolicy, ReviewPolicy, Role } from './identity.enums.ts';

@ObjectType('Organization', {
  implements: Node,
  simpleResolvers: true,
  description: 'The company whose sales these are: nothing of it is visible to another.',
})
export class OrganizationType extends Node {
  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => String, { description: 'ISO 4217 code amounts are in unless they say otherwise.' })
  currency!: string;

  @Field(() => String, { description: 'IANA time zone its days begin and end in.' })
  timeZone!: string;

  @Field(() => Int, { description: 'Month its fiscal year starts in: 1 (January) to 12.' })
  fiscalYearStartMonth!: number;

  @Field(() => DuplicatePolicy, {
    description:
      'What a conversion does when a new account or contact would be an exact duplicate: an account of the same domain or name, a contact of the same e-mail address at the account.',
  })
  duplicatePolicy!: DuplicatePolicy;

  @Field(() => DuplicatePolicy, {
    description:
      'What a conversion does when a new account would have a name similar to that of another, or a new contact the e-mail address of one elsewhere or the name of one at the account.',
  })
  similarPolicy!: DuplicatePolicy;

  @Field(() => ReviewPolicy, { description: 'Which conversions need which review.' })
  reviewPolicy!: ReviewPolicy;

  @Field(() => Int, {
    description:
      'Goes up with every change of the settings, stages and lead statuses included; pass it as `ifVersion`.',
  })
  version!: number;
}

@ObjectType('Viewer', { simpleResolvers: true, description: 'Who is asking.' })
export class Viewer {
  @Field(() => Role, { description: 'The role of the person or program.' })
  role!: Role;

  @Field(() => [String], { description: 'What the role may do: `lead:convert`, `account:write`, …' })
  rights!: string[];
}
