import { Field, Int, ObjectType } from 'type-graphql';
import { BuyingRole } from '../contacts/contact.enums.ts';
import { connectionOf, type ListRow } from '../graphql/connection.ts';
import { encodeId } from '../graphql/ids.ts';
import { Money, money } from '../graphql/money.type.ts';
import { Node } from '../graphql/node.type.ts';
import { DateScalar, DateTimeScalar, JsonScalar } from '../graphql/scalars.ts';
import { ForecastCategory } from './opportunity.enums.ts';

@ObjectType('Opportunity', {
  implements: Node,
  simpleResolvers: true,
  description: 'A deal at an account, running or closed.',
})
export class Opportunity extends Node {
  /** The id inside, for loaders. */
  uuid!: string;
  accountUuid!: string | null;
  stageUuid!: string;
  ownerUuid!: string | null;
  campaignUuid!: string | null;

  @Field(() => String, { description: "The deal's name." })
  name!: string;

  @Field(() => Money, {
    nullable: true,
    description:
      'What the deal is worth. Null: unknown; counted in metrics, summed as 0, left out of averages.',
  })
  amount!: Money | null;

  @Field(() => Int, {
    description: "Probability of winning it, in percent: the stage's, unless set for this deal.",
  })
  probability!: number;

  @Field(() => ForecastCategory, {
    description: "How sure it is counted in forecasts: the stage's, unless set for this deal.",
  })
  forecastCategory!: ForecastCategory;

  @Field(() => DateScalar, {
    description:
      'Business date: expected of an open deal, actual of a closed one. Won and lost are counted by it.',
  })
  closeDate!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The moment it moved to a closed stage (last time, if re-opened); null while open.',
  })
  closedAt!: string | null;

  @Field(() => Boolean, { description: 'Is it closed, won or lost?' })
  isClosed!: boolean;

  @Field(() => Boolean, { description: 'Is it won?' })
  isWon!: boolean;

  @Field(() => String, { nullable: true, description: 'Where it came from: `Web`, `Trade Show`.' })
  source!: string | null;

  @Field(() => Int, { description: 'How many times its close date was moved later.' })
  pushCount!: number;

  @Field(() => String, { nullable: true, description: 'What is to be done next.' })
  nextStep!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was lost; null unless lost.' })
  lostReason!: string | null;

  @Field(() => String, { nullable: true, description: 'Notes about the deal.' })
  description!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its id in the system it was imported from; null when made here.',
  })
  externalId!: string | null;

  @Field(() => JsonScalar, {
    description:
      "The organisation's own fields that have a value, by key: what each can hold tells `Organization.customFields`.",
  })
  customFields!: Record<string, unknown>;

  @Field(() => Int, {
    description: 'Goes up with every change; pass it as `ifVersion` to change only what you have seen.',
  })
  version!: number;

  @Field(() => DateTimeScalar, {
    description: 'When the deal came to be (in the source system, if imported).',
  })
  createdAt!: string;

  @Field(() => DateTimeScalar, { description: 'When it was last changed.' })
  updatedAt!: string;
}

export const OpportunityConnection = connectionOf('Opportunity', () => Opportunity, 'opportunities');
export type OpportunityConnection = InstanceType<typeof OpportunityConnection>;

/** Each property of a row, over the alias `t`. */
export const opportunityColumns = {
  uuid: 't.id',
  nextStep: 't.next_step',
  lostReason: 't.lost_reason',
  description: 't.description',
  externalId: 't.external_id',
  customFields: 't.custom_fields',
  accountUuid: 't.account_id',
  name: 't.name',
  stageUuid: 't.stage_id',
  amount: 't.amount',
  currency: 't.currency',
  probability: 't.probability',
  forecastCategory: 't.forecast_category',
  closeDate: 't.close_date',
  closedAt: 't.closed_at',
  isClosed: 't.is_closed',
  isWon: 't.is_won',
  ownerUuid: 't.owner_id',
  campaignUuid: 't.campaign_id',
  source: 't.source',
  pushCount: 't.push_count',
  version: 't.version',
  createdAt: 't.created_at',
  updatedAt: 't.updated_at',
};

export function toOpportunity(row: ListRow): Opportunity {
  const opportunity = row as unknown as Opportunity;
  opportunity.id = encodeId('Opportunity', row.uuid);
  opportunity.amount = money(row.amount as string | null, row.currency as string);
  return opportunity;
}

export const opportunityList = { connection: OpportunityConnection, toNode: toOpportunity };

@ObjectType('OpportunityContactRole', { simpleResolvers: true, description: "A person's part in a deal." })
export class OpportunityContactRole {
  contactUuid!: string;

  @Field(() => BuyingRole, { nullable: true, description: 'The part; null when nobody said.' })
  role!: BuyingRole | null;

  @Field(() => Boolean, { description: 'Is it the main contact? A deal has at most one.' })
  isPrimary!: boolean;
}

@ObjectType('StageVisit', { simpleResolvers: true, description: 'One unbroken stay of a deal in a stage.' })
export class StageVisit {
  stageUuid!: string;

  @Field(() => Money, {
    nullable: true,
    description: 'Amount at the end of the visit; null when unknown then.',
  })
  amount!: Money | null;

  @Field(() => DateScalar, { description: 'Close date at the end of the visit.' })
  closeDate!: string;

  @Field(() => DateTimeScalar, { description: 'When the deal entered the stage.' })
  enteredAt!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it left; null while it is there.' })
  leftAt!: string | null;
}
