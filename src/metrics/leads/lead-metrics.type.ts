import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Money } from '../../graphql/money.type.ts';
import { metricDescription } from '../catalogue.ts';
import { DurationMetric, MetricDefinition } from '../metric.types.ts';
import { leadDefinition, leadMetricKeys } from './lead-definitions.ts';
import type { LeadOrigin } from './lead-origin.ts';

/** What all metrics over leads have in common. */
export abstract class LeadMetric {
  definition!: MetricDefinition;
  /** Where the value came from: tells `records` what was counted. */
  origin!: LeadOrigin;
}

const definition = { description: 'What this metric is: formula, unit, value over no rows.' };

@ObjectType('CountMetric', { simpleResolvers: true, description: 'A number of leads.' })
export class CountMetric extends LeadMetric {
  @Field(() => Int, { description: 'How many; 0 when there are none.' })
  count!: number;

  @Field(() => MetricDefinition, definition)
  declare definition: MetricDefinition;
}

@ObjectType('LeadRateMetric', {
  simpleResolvers: true,
  description: 'A number of leads of a number of leads.',
})
export class LeadRateMetric extends LeadMetric {
  @Field(() => Float, {
    nullable: true,
    description: 'Numerator ÷ denominator: 0.6 is 60 %. Null when the denominator is 0.',
  })
  value!: number | null;

  @Field(() => Int, { description: 'The part.' })
  numerator!: number;

  @Field(() => Int, { description: 'The whole.' })
  denominator!: number;

  @Field(() => MetricDefinition, definition)
  declare definition: MetricDefinition;
}

@ObjectType('ResponseBand', {
  simpleResolvers: true,
  description: 'Leads answered after so many minutes: from `fromMinutes` on, before `toMinutes`.',
})
export class ResponseBand {
  @Field(() => Int, { description: 'First minute of the band.' })
  fromMinutes!: number;

  @Field(() => Int, { nullable: true, description: 'First minute after the band; null: it has no end.' })
  toMinutes!: number | null;

  @Field(() => Int, { description: 'How many leads.' })
  count!: number;
}

@ObjectType('ResponseMetric', {
  simpleResolvers: true,
  description: 'How long leads waited for the first answer.',
})
export class ResponseMetric extends LeadMetric {
  @Field(() => Float, {
    nullable: true,
    description:
      'Median, in minutes: the middle one, or the mean of the two in the middle; null over no rows.',
  })
  p50Minutes!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Nearest rank: the fewest minutes that at least 95 % of the answered did not exceed; null over no rows.',
  })
  p95Minutes!: number | null;

  @Field(() => [ResponseBand], {
    description: 'The answered ones by how long it took; adds up to `answered`.',
  })
  bands!: ResponseBand[];

  @Field(() => Int, { description: 'How many were answered, in time or not.' })
  answered!: number;

  @Field(() => Int, {
    description: 'How many were not answered although the organisation’s limit has passed.',
  })
  overdue!: number;

  @Field(() => Int, { description: 'How many were not answered yet, within the limit.' })
  waiting!: number;

  @Field(() => MetricDefinition, definition)
  declare definition: MetricDefinition;
}

@ObjectType('WaitMetric', {
  simpleResolvers: true,
  description: 'Minutes from one moment to another, over many leads.',
})
export class WaitMetric extends LeadMetric {
  @Field(() => Float, { nullable: true, description: 'Mean, in minutes; null over no rows.' })
  meanMinutes!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The middle one, or the mean of the two in the middle, in minutes; null over no rows.',
  })
  medianMinutes!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Nearest rank: the fewest minutes that at least 90 % did not exceed; null over no rows.',
  })
  p90Minutes!: number | null;

  @Field(() => Int, { description: 'How many were measured.' })
  count!: number;

  @Field(() => MetricDefinition, definition)
  declare definition: MetricDefinition;
}

@ObjectType('LeadAmountMetric', {
  simpleResolvers: true,
  description: 'Money of the opportunities that leads led to; each counts once, with the first of its leads.',
})
export class LeadAmountMetric extends LeadMetric {
  @Field(() => Int, { description: 'How many opportunities, whether they have an amount or not.' })
  count!: number;

  @Field(() => Money, {
    description:
      "Sum of the amounts in the organisation's currency; others are converted at the rate of their close date. 0 over no rows.",
  })
  amount!: Money;

  @Field(() => Int, { description: 'How many of them have no amount: counted, summed as 0.' })
  amountMissing!: number;

  @Field(() => [Money], {
    description:
      'Sums per other currency that has no rate by the close date, so that they are not in `amount`. Ordered by currency.',
  })
  unconverted!: Money[];

  @Field(() => MetricDefinition, definition)
  declare definition: MetricDefinition;
}

const TYPES = {
  count: CountMetric,
  rate: LeadRateMetric,
  duration: DurationMetric,
  response: ResponseMetric,
  wait: WaitMetric,
  amount: LeadAmountMetric,
};

@ObjectType('LeadMilestones', {
  simpleResolvers: true,
  description:
    'What became of the leads created in the window, step by step: MQL of all, SAL of the MQLs, SQL of the SALs, converted of the SQLs; and what the converted were converted to, of all.',
})
export class LeadMilestones {}

@ObjectType('LeadAgeing', {
  simpleResolvers: true,
  description: 'Open leads by days without activity. Each open lead is in one of the three.',
})
export class LeadAgeing {}

@ObjectType('LeadAmbiguity', {
  simpleResolvers: true,
  description: 'Open leads that may be somebody we know, or belong nowhere. Best near 0.',
})
export class LeadAmbiguity {
  @Field(() => Float, {
    nullable: true,
    description: 'The value of `ambiguous`: their share of the open leads; null when there are none.',
  })
  share!: number | null;
}

@ObjectType('LeadEffectiveness', {
  simpleResolvers: true,
  description:
    'What the leads created in the window came to, down to money; by source with leadGroups(by: SOURCE).',
})
export class LeadEffectiveness {}

@ObjectType('LeadMetrics', {
  simpleResolvers: true,
  description:
    'Metrics of a set of leads. Metrics that are not selected are not computed. As of an earlier moment they follow what has a time: creation, conversion and its undoing, milestones, activities, hand-offs, opportunities. What has no history (status, owner, source, match, e-mail, whether an activity is done) is as it is now; deleted leads are left out at every moment.',
})
export class LeadMetrics {
  /** What they are of. */
  origin!: LeadOrigin;
}

const PARTS = {
  milestones: LeadMilestones,
  ageing: LeadAgeing,
  ambiguity: LeadAmbiguity,
  effectiveness: LeadEffectiveness,
  speedToLead: ResponseMetric,
};

/** One field per entry of the catalogue, described by it. */
for (const key of leadMetricKeys) {
  const metric = leadDefinition(key);
  const [part, field] = metric.path.split('.') as [keyof typeof PARTS, string | undefined];
  const type = field === undefined ? LeadMetrics : PARTS[part];
  Field(() => TYPES[metric.shape], { description: metricDescription(metric) })(type.prototype, field ?? part);
}

const SECTIONS = {
  milestones: 'How far the leads created in the window came.',
  ageing: 'Open leads by days without activity.',
  ambiguity: 'Open leads that are contacts at once, or match no account.',
  effectiveness: 'What the leads created in the window came to, down to money.',
} as const;
for (const name of Object.keys(SECTIONS) as (keyof typeof SECTIONS)[])
  Field(() => PARTS[name], { description: SECTIONS[name] })(LeadMetrics.prototype, name);
