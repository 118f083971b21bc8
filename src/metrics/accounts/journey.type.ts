import { Field, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../../graphql/scalars.ts';
import { JourneyStage } from './journey.enums.ts';

@ObjectType('JourneyMilestone', {
  simpleResolvers: true,
  description: 'When an account first met the condition of a stage.',
})
export class JourneyMilestone {
  @Field(() => JourneyStage, { description: 'The stage; never NONE.' })
  stage!: JourneyStage;

  @Field(() => DateTimeScalar, {
    description:
      'The first moment its own condition was met, whichever stage the account was in then: of TARGET the creation of the account (when it was marked is not kept), of the others by activities, memberships and the history of opportunities.',
  })
  at!: string;
}

@ObjectType('AccountJourney', {
  simpleResolvers: true,
  description: 'How an account came to be where it is, computed from what happened.',
})
export class AccountJourney {
  @Field(() => JourneyStage, { description: 'The stage at the moment in question.' })
  stage!: JourneyStage;

  @Field(() => [JourneyMilestone], {
    description:
      'The stages whose condition it has met up to that moment, from TARGET to CUSTOMER; a stage it no longer meets stays, one it never met is not there.',
  })
  reached!: JourneyMilestone[];
}
