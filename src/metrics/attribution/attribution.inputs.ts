import { ArgsType, Field } from 'type-graphql';
import { MetricsArgs } from '../metric.inputs.ts';
import { AttributionModel } from './attribution.enums.ts';

@ArgsType()
export class InfluenceArgs extends MetricsArgs {
  @Field(() => AttributionModel, { description: 'How amounts are shared by touches.' })
  model!: AttributionModel;
}
