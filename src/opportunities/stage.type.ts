import { Field, Int, ObjectType } from 'type-graphql';
import { Node } from '../graphql/node.type.ts';
import { ForecastCategory } from './opportunity.enums.ts';

@ObjectType('Stage', {
  implements: Node,
  simpleResolvers: true,
  description: "A step of the organisation's sales process.",
})
export class Stage extends Node {
  /** The id inside, for loaders. */
  uuid!: string;

  @Field(() => String, { description: "The stage's name, unique in the organisation." })
  name!: string;

  @Field(() => Int, { description: 'Its place in the process, from 1.' })
  position!: number;

  @Field(() => Int, { description: 'Default probability of winning a deal in it, in percent: 0 to 100.' })
  probability!: number;

  @Field(() => ForecastCategory, { description: 'Default forecast category of a deal in it.' })
  forecastCategory!: ForecastCategory;

  @Field(() => Boolean, { description: 'Is a deal in it closed (won or lost)?' })
  isClosed!: boolean;

  @Field(() => Boolean, { description: 'Is a deal in it won?' })
  isWon!: boolean;
}
