import { Field, ID, ObjectType } from 'type-graphql';
import { Node } from '../graphql/node.type.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { ConversionOutcome } from './conversion.enums.ts';
import { LeadConversion } from './conversion.type.ts';

@ObjectType('LineageEdge', {
  simpleResolvers: true,
  description: 'A lead became, or went into, a record.',
})
export class LineageEdge {
  @Field(() => ID, { description: 'The lead: `id` of a node.' })
  from!: string;

  @Field(() => ID, { description: 'The account, contact or opportunity: `id` of a node.' })
  to!: string;

  @Field(() => ConversionOutcome, {
    nullable: true,
    description:
      'How the conversion came by the record; null for an imported conversion, whose past is unknown.',
  })
  outcome!: ConversionOutcome | null;

  @Field(() => DateTimeScalar, { description: 'When the lead was converted.' })
  at!: string;

  @Field(() => LeadConversion, { description: 'The conversion.' })
  conversion!: LeadConversion;
}

@ObjectType('AccountLineage', {
  simpleResolvers: true,
  description:
    'The leads an account was made of and what else they became, as a graph to draw: of its latest 200 conversions that stand.',
})
export class AccountLineage {
  @Field(() => [Node], {
    description: 'The account, its leads, and the contacts and opportunities they became; each once.',
  })
  nodes!: Node[];

  @Field(() => [LineageEdge], { description: 'From each lead to what it became, latest conversion first.' })
  edges!: LineageEdge[];
}
