import { ArgsType, Field, Int } from 'type-graphql';
import { DEFAULT_GROUPS, MAX_GROUPS } from '../../graphql/page.ts';
import { MetricsArgs } from '../metric.inputs.ts';
import { AttributionModel } from './attribution.enums.ts';

@ArgsType()
export class InfluenceArgs extends MetricsArgs {
  @Field(() => AttributionModel, { description: 'How amounts are shared by touches.' })
  model!: AttributionModel;

  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_GROUPS,
    description: `How many campaigns at most, those with the largest shares: 1 to ${MAX_GROUPS}. All further ones are one row more, \`OTHER\`.`,
  })
  first?: number | null;
}
