import { ArgsType, Field, InputType, Int, registerEnumType } from 'type-graphql';
import { OrderDirection } from '../../graphql/filter.types.ts';
import { DEFAULT_GROUPS, MAX_GROUPS } from '../../graphql/page.ts';
import { DateTimeScalar, DecimalScalar } from '../../graphql/scalars.ts';
import { Interval, MetricDimension } from '../metric.enums.ts';
import { MetricScope, MetricsArgs, WindowInput } from '../metric.inputs.ts';

export enum CustomDimensionRecord {
  ACCOUNT = 'ACCOUNT',
  OPPORTUNITY = 'OPPORTUNITY',
}
registerEnumType(CustomDimensionRecord, {
  name: 'CustomDimensionRecord',
  description: 'Whose custom field opportunities are grouped by.',
  valuesConfig: {
    ACCOUNT: { description: "Their account's." },
    OPPORTUNITY: { description: 'Their own.' },
  },
});

@InputType('CustomDimensionInput', { description: 'A custom field to group by.' })
export class CustomDimensionInput {
  @Field(() => CustomDimensionRecord, { description: 'Whose field it is.' })
  record!: CustomDimensionRecord;

  @Field(() => String, { description: "The field's key." })
  key!: string;
}

const metricName =
  'A metric, or one of its numbers: `won` (its amount), `won.count`, `winRate`, `salesCycle.p90Days`, `forecast.commit`; not `coverage`, nor those of stages, engagement and lineage. It need not be selected.';

@InputType('MetricGroupOrder', {
  description: 'Puts groups in order by a metric; those without a value come last.',
})
export class MetricGroupOrder {
  @Field(() => String, { description: metricName })
  metric!: string;

  @Field(() => OrderDirection, {
    nullable: true,
    defaultValue: OrderDirection.DESC,
    description: 'Largest first, unless ASC.',
  })
  direction?: OrderDirection | null;
}

@InputType('MetricGroupCondition', {
  description:
    'Leaves out groups whose value does not satisfy it, or who have none. Money in the organisation’s currency, ratios as ratios (0.6).',
})
export class MetricGroupCondition {
  @Field(() => String, { description: metricName })
  metric!: string;

  @Field(() => DecimalScalar, { nullable: true, description: 'More than this.' })
  gt?: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'This or more.' })
  gte?: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Less than this.' })
  lt?: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'This or less.' })
  lte?: string | null;
}

@ArgsType()
export class MetricGroupsArgs extends MetricsArgs {
  @Field(() => [MetricDimension], {
    description: 'One to three dimensions, each once; at most one of them a period.',
  })
  by!: MetricDimension[];

  @Field(() => CustomDimensionInput, {
    nullable: true,
    description: 'Which field CUSTOM_FIELD is; only with that dimension.',
  })
  customField?: CustomDimensionInput | null;

  @Field(() => MetricGroupOrder, {
    nullable: true,
    description: 'Default: by the keys, ascending, null last.',
  })
  orderBy?: MetricGroupOrder | null;

  @Field(() => [MetricGroupCondition], {
    nullable: true,
    description: 'Only groups that satisfy all of these, at most 20; the others are not in "other" either.',
  })
  having?: MetricGroupCondition[] | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_GROUPS,
    description: `As many groups at most, 1 to ${MAX_GROUPS}; all beyond are one more group, \`key.isOther\`.`,
  })
  first?: number | null;
}

@ArgsType()
export class MetricSeriesArgs {
  @Field(() => Interval, { description: 'The length of a period.' })
  interval!: Interval;

  @Field(() => MetricScope, {
    nullable: true,
    description: 'Which opportunities; all of the organisation when omitted.',
  })
  scope?: MetricScope | null;

  @Field(() => WindowInput, {
    description:
      'The time in question, with both ends; at most 400 periods. The first and the last period are cut to it.',
  })
  window!: WindowInput;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'See the world as it was known at this moment; now when omitted or not come yet.',
  })
  asOf?: string | null;
}
