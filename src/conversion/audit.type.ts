import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar, JsonScalar } from '../graphql/scalars.ts';

export enum ActorKind {
  PERSON = 'PERSON',
  SERVICE = 'SERVICE',
}
registerEnumType(ActorKind, {
  name: 'ActorKind',
  description: 'Who acted.',
  valuesConfig: {
    PERSON: { description: 'A person.' },
    SERVICE: { description: 'A program with a service token.' },
  },
});

/** Who did something, as rows carry it. */
export interface ActorData {
  kind: 'PERSON' | 'SERVICE';
  userUuid: string | null;
  name: string;
}

@ObjectType('Actor', { simpleResolvers: true, description: 'Who did something.' })
export class Actor implements ActorData {
  /** The id inside, for loaders. */
  userUuid!: string | null;

  @Field(() => ActorKind, { description: 'A person or a program.' })
  kind!: ActorData['kind'];

  @Field(() => String, { description: "The person's or program's name at the time." })
  name!: string;
}

@ObjectType('AuditEntry', {
  simpleResolvers: true,
  description: 'Who did what, with the state before and after.',
})
export class AuditEntry {
  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: string;

  @Field(() => Actor, { description: 'Who.' })
  actor!: Actor;

  @Field(() => String, {
    description: 'What was done, as the API names it: `convertLead`, `revertConversion`.',
  })
  action!: string;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'The changed fields before, by record (`lead`, `account`, `contact`, `opportunity`); one that did not exist is left out.',
  })
  before!: unknown;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'The same fields afterwards, and the reason that was given for undoing a conversion.',
  })
  after!: unknown;

  @Field(() => Actor, {
    nullable: true,
    description: 'Who proposed the conversion; null when it was made without a proposal, and for an undoing.',
  })
  proposedBy!: Actor | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'What was planned and so done: per target (`account`, `contact`, `opportunity`) its `outcome` and the `record` joined (null for a new one); `convertedStatus`; `fields` as in `LeadConversionPlan.fields`, defaults included; the `candidates` found, with scores. Null for an undoing.',
  })
  plan!: unknown;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'The rules it was planned by: `merge` (the `default` and the `fields` with a policy of their own), `duplicate`, `similar` and `review` (the policies of the organisation then), `allowDuplicate`. Null for an undoing.',
  })
  policies!: unknown;
}
