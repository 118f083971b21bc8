import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf, type ListRow } from '../graphql/connection.ts';
import { encodeId } from '../graphql/ids.ts';
import { Money, money } from '../graphql/money.type.ts';
import { Node } from '../graphql/node.type.ts';
import { DateScalar, DateTimeScalar } from '../graphql/scalars.ts';

@ObjectType('Campaign', {
  implements: Node,
  simpleResolvers: true,
  description: 'Something marketing does to reach people: a mailing, a trade show, a webinar.',
})
export class Campaign extends Node {
  /** The id inside, for loaders. */
  uuid!: string;
  ownerUuid!: string | null;

  @Field(() => String, { description: "The campaign's name." })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What kind it is, in the own words of the organisation: `Webinar`, `Trade Show`.',
  })
  type!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where it stands, in the own words of the organisation: `Planned`, `In Progress`.',
  })
  status!: string | null;

  @Field(() => Boolean, { description: 'Is it in use? It says nothing about its dates.' })
  isActive!: boolean;

  @Field(() => DateScalar, { nullable: true, description: 'Its first day; null: nobody said.' })
  startDate!: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'Its last day, never before the first; null: nobody said.',
  })
  endDate!: string | null;

  @Field(() => Money, { nullable: true, description: 'What it was to cost; null: nobody said.' })
  budgetedCost!: Money | null;

  @Field(() => Money, {
    nullable: true,
    description: 'What it has cost; null: unknown, so that there is no return on it.',
  })
  actualCost!: Money | null;

  @Field(() => String, { nullable: true, description: 'Notes about the campaign.' })
  description!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its id in the system it was imported from; null when made here.',
  })
  externalId!: string | null;

  @Field(() => Int, {
    description: 'Goes up with every change; pass it as `ifVersion` to change only what you have seen.',
  })
  version!: number;

  @Field(() => DateTimeScalar, {
    description: 'When the campaign came to be (in the source system, if imported).',
  })
  createdAt!: string;

  @Field(() => DateTimeScalar, { description: 'When it was last changed; its members are apart.' })
  updatedAt!: string;
}

export const CampaignConnection = connectionOf('Campaign', () => Campaign, 'campaigns');
export type CampaignConnection = InstanceType<typeof CampaignConnection>;

/** Each property of a row, over the alias `t`. */
export const campaignColumns = {
  uuid: 't.id',
  name: 't.name',
  type: 't.type',
  status: 't.status',
  isActive: 't.is_active',
  startDate: 't.start_date',
  endDate: 't.end_date',
  budgetedCost: 't.budgeted_cost',
  budgetedCostCurrency: 't.budgeted_cost_currency',
  actualCost: 't.actual_cost',
  actualCostCurrency: 't.actual_cost_currency',
  description: 't.description',
  ownerUuid: 't.owner_id',
  externalId: 't.external_id',
  version: 't.version',
  createdAt: 't.created_at',
  updatedAt: 't.updated_at',
};

export function toCampaign(row: ListRow): Campaign {
  const campaign = row as unknown as Campaign;
  campaign.id = encodeId('Campaign', row.uuid);
  campaign.budgetedCost = money(row.budgetedCost as string | null, row.budgetedCostCurrency as string | null);
  campaign.actualCost = money(row.actualCost as string | null, row.actualCostCurrency as string | null);
  return campaign;
}

export const campaignList = { connection: CampaignConnection, toNode: toCampaign };
