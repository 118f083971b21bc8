import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Money } from '../../graphql/money.type.ts';
import { metricDescription } from '../catalogue.ts';
import { Metric, MetricDefinition } from '../metric.types.ts';
import { attributionDefinitions } from './attribution-definitions.ts';

@ObjectType('CampaignInfluence', {
  simpleResolvers: true,
  description: "What a campaign's touches of people stand for in the deals these people are in.",
})
export class CampaignInfluence extends Metric {
  /** The id inside, for loaders; null: not one campaign. */
  campaignUuid!: string | null;

  @Field(() => String, {
    description:
      "The campaign's name; `UNATTRIBUTED` for what no campaign touched, `OTHER` for all campaigns beyond `first`.",
  })
  label!: string;

  @Field(() => Int, {
    description: 'Touches of deals that were won in the window or are open: one per deal and person.',
  })
  touches!: number;

  @Field(() => Int, {
    description:
      'How many of these deals it touched, whatever the model gives it: those that `records` lists.',
  })
  opportunities!: number;

  @Field(() => Int, { description: 'How many of them have no amount: counted, shared as 0.' })
  amountMissing!: number;

  @Field(() => Money, {
    description:
      "Its share in the deals won in the window, in the organisation's currency; others are converted at the rate of their close date.",
  })
  won!: Money;

  @Field(() => Money, { description: 'Its share in the open pipeline, in the same way.' })
  pipeline!: Money;

  @Field(() => [Money], {
    description:
      'Its share in won deals per other currency that has no rate by the close date, so that they are not in `won`. Ordered by currency.',
  })
  wonUnconverted!: Money[];

  @Field(() => [Money], { description: 'The same of open deals: not in `pipeline`.' })
  pipelineUnconverted!: Money[];

  @Field(() => Float, {
    nullable: true,
    description: `${metricDescription(attributionDefinitions.campaignRoi)} Null of OTHER and UNATTRIBUTED.`,
  })
  roi!: number | null;

  @Field(() => MetricDefinition, { description: 'What the shares are: formula of the model, unit.' })
  declare definition: MetricDefinition;
}
