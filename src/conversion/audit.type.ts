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

@ObjectType('Actor', { simpleResolvers: true, description: 'Who did something.' })
export class Actor {
  /** The id inside, for loaders. */
  userUuid!: string | null;

  @Field(() => ActorKind, { description: 'A person or a program.' })
  kind!: ActorKind;

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
}
