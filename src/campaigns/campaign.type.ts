import { Field, ObjectType } from 'type-graphql';
import type { ListRow } from '../graphql/connection.ts';
import { encodeId } from '../graphql/ids.ts';
import { Money, money } from '../graphql/money.type.ts';
import { Node } from '../graphql/node.type.ts';
import { DateScalar } from '../graphql/scalars.ts';

@ObjectType('Campaign', {
  implements: Node,
  simpleResolvers: true,
  description: 'A marketing effort that leads and contacts are members of.',
})
export class Campaign extends Node {
  /** The id inside, for loaders. */
  uuid!: string;

  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What kind of effort: `Webinar`; null when not said.' })
  type!: string | null;

  @Field(() => String, { nullable: true, description: 'How far it is: `Planned`; null when not said.' })
  status!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'Its first day; null when not said.' })
  startDate!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'Its last day; null when not said.' })
  endDate!: string | null;

  @Field(() => Money, { nullable: true, description: 'What it has cost; null when not known.' })
  actualCost!: Money | null;
}

/** Each property of a row, over the alias `t`. */
export const campaignColumns = {
  uuid: 't.id',
  name: 't.name',
  type: 't.type',
  status: 't.status',
  startDate: 't.start_date',
  endDate: 't.end_date',
  actualCost: 't.actual_cost',
  actualCostCurrency: 't.actual_cost_currency',
};

export function toCampaign(row: ListRow): Campaign {
  const campaign = row as unknown as Campaign;
  campaign.id = encodeId('Campaign', row.uuid);
  campaign.actualCost = money(row.actualCost as string | null, row.actualCostCurrency as string | null);
  return campaign;
}
