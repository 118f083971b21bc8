import { ArgsType, Field, InputType, Int, registerEnumType } from 'type-graphql';
import { OrderDirection } from '../../graphql/filter.types.ts';
import { DEFAULT_GROUPS, MAX_GROUPS } from '../../graphql/page.ts';
import { LeadFilter } from '../../leads/lead.inputs.ts';
import { MetricGroupCondition } from '../deals/metric-group.inputs.ts';
import { ViewArgs } from '../metric.inputs.ts';

export enum LeadDimension {
  SOURCE = 'SOURCE',
  STATUS = 'STATUS',
  OWNER = 'OWNER',
  QUEUE = 'QUEUE',
  CAMPAIGN = 'CAMPAIGN',
  CUSTOM_FIELD = 'CUSTOM_FIELD',
  DAY = 'DAY',
  WEEK = 'WEEK',
  MONTH = 'MONTH',
  QUARTER = 'QUARTER',
  YEAR = 'YEAR',
  FISCAL_QUARTER = 'FISCAL_QUARTER',
  FISCAL_YEAR = 'FISCAL_YEAR',
}
registerEnumType(LeadDimension, {
  name: 'LeadDimension',
  description:
    "What leads are grouped by. Periods are of the window's time zone: what was converted in the window goes by the conversion, hand-offs by the last one, everything else by createdAt.",
  valuesConfig: {
    SOURCE: {
      description:
        'Where they came from, whatever its case and accents. Those without a source are a group of their own, apart from one called "unknown".',
    },
    STATUS: { description: 'Their status, as it is now.' },
    OWNER: {
      description: 'The person who owns them now; leads of a queue and of nobody are the null group.',
    },
    QUEUE: {
      description: 'The queue that owns them now; leads of a person and of nobody are the null group.',
    },
    CAMPAIGN: { description: 'The campaign they came from.' },
    CUSTOM_FIELD: { description: "A field the organisation added to leads: the argument `customField`'s." },
    DAY: { description: 'Days.' },
    WEEK: { description: 'Weeks, from Monday.' },
    MONTH: { description: 'Calendar months.' },
    QUARTER: { description: 'Calendar quarters.' },
    YEAR: { description: 'Calendar years.' },
    FISCAL_QUARTER: { description: "Quarters of the organisation's fiscal year." },
    FISCAL_YEAR: { description: 'Fiscal years.' },
  },
});

@InputType('LeadScope', { description: 'Which leads metrics are computed from, and how.' })
export class LeadScope {
  @Field(() => LeadFilter, { nullable: true, description: 'Only those that satisfy this, as they are now.' })
  lead?: LeadFilter | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'conversionCohort counts only conversions at most so many days after the date of creation: 0 or more. Omitted: those so far. A lead that has not had so many days yet stays in the denominator.',
  })
  withinDays?: number | null;
}

@ArgsType()
export class LeadMetricsArgs extends ViewArgs {
  @Field(() => LeadScope, {
    nullable: true,
    description: 'Which leads; all of the organisation when omitted.',
  })
  scope?: LeadScope | null;
}

const metricName =
  'A metric, or one of its numbers: `created`, `milestones.mql` (its value), `milestones.mql.numerator`, `timeToConversion` (the median), `effectiveness.wonAmount`; or as `metricDefinitions` names single metrics: `leadsCreated`. It need not be selected.';

@InputType('LeadGroupOrder', {
  description: 'Puts groups in order by a metric; those without a value come last.',
})
export class LeadGroupOrder {
  @Field(() => String, { description: metricName })
  metric!: string;

  @Field(() => OrderDirection, {
    nullable: true,
    defaultValue: OrderDirection.DESC,
    description: 'Which way; the most first when omitted.',
  })
  direction?: OrderDirection | null;
}

@InputType('LeadGroupCondition', {
  description:
    'Leaves out groups whose value does not satisfy it, or who have none. Money in the organisation’s currency, ratios as ratios (0.6).',
})
export class LeadGroupCondition extends MetricGroupCondition {
  @Field(() => String, { description: metricName })
  declare metric: string;
}

@ArgsType()
export class LeadGroupsArgs extends LeadMetricsArgs {
  @Field(() => [LeadDimension], {
    description: 'By what: one to three, none twice, at most one kind of period.',
  })
  by!: LeadDimension[];

  @Field(() => String, {
    nullable: true,
    description: 'The key of the custom field of leads that CUSTOM_FIELD groups by; only together with it.',
  })
  customField?: string | null;

  @Field(() => LeadGroupOrder, {
    nullable: true,
    description: 'In which order; by what they are called (periods by time), null last, when omitted.',
  })
  orderBy?: LeadGroupOrder | null;

  @Field(() => [LeadGroupCondition], {
    nullable: true,
    description: 'Only groups that satisfy all of these, at most 20; the others are not in "other" either.',
  })
  having?: LeadGroupCondition[] | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_GROUPS,
    description: `As many groups at most, 1 to ${MAX_GROUPS}; all beyond are one more group, \`key.isOther\`.`,
  })
  first?: number | null;
}
