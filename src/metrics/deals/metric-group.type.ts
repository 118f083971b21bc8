import { Field, Int, ObjectType } from 'type-graphql';
import { AccountType } from '../../accounts/account.enums.ts';
import { DateScalar } from '../../graphql/scalars.ts';
import { JourneyStage } from '../accounts/journey.enums.ts';
import { MetricDimension } from '../metric.enums.ts';
import { groupLabel, keyValues } from '../grouping.ts';
import { SalesMetrics } from './sales-metrics.type.ts';

@ObjectType('MetricKey', {
  simpleResolvers: true,
  description:
    'What the opportunities of a group, or their accounts, have in common. Fields of dimensions that were not asked for are null; so is the value of those that have none, which are a group of their own.',
})
export class MetricKey {
  accountUuid!: string | null;
  ownerUuid!: string | null;
  stageUuid!: string | null;
  campaignUuid!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The key as text, its parts joined by " · "; null for the group without a value, `Other` for the rest.',
  })
  label!: string | null;

  @Field(() => Boolean, { description: 'Is it all groups beyond `first` together?' })
  isOther!: boolean;

  @Field(() => Int, { nullable: true, description: "The account's tier." })
  tier!: number | null;

  @Field(() => String, { nullable: true, description: "The account's industry." })
  industry!: string | null;

  @Field(() => AccountType, { nullable: true, description: "The account's type." })
  accountType!: AccountType | null;

  @Field(() => String, { nullable: true, description: "The account's country." })
  country!: string | null;

  @Field(() => JourneyStage, { nullable: true, description: "The account's journey stage." })
  journeyStage!: JourneyStage | null;

  @Field(() => String, { nullable: true, description: "The owner's team." })
  team!: string | null;

  @Field(() => String, { nullable: true, description: "The opportunities' source." })
  source!: string | null;

  @Field(() => String, { nullable: true, description: 'The value of the custom field, as text.' })
  customValue!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'First day of the period.' })
  period!: string | null;
}

@ObjectType('MetricGroup', {
  simpleResolvers: true,
  description:
    'Opportunities with something in common, and their metrics. Groups add up to the whole; of engagement those by what accounts have.',
})
export class MetricGroup {
  @Field(() => MetricKey, { description: 'What they have in common.' })
  key!: MetricKey;

  @Field(() => SalesMetrics, { description: 'Their metrics.' })
  metrics!: SalesMetrics;
}

@ObjectType('MetricPoint', { simpleResolvers: true, description: 'The metrics of a period.' })
export class MetricPoint {
  @Field(() => DateScalar, { description: 'Its first day.' })
  from!: string;

  @Field(() => DateScalar, { description: 'The first day after it.' })
  to!: string;

  @Field(() => SalesMetrics, {
    description:
      'What was created and closed in it, as known now (or asOf); current-state values (open, weighted and slipped pipeline, velocity’s part of it) as of its end, or of now if that comes first.',
  })
  metrics!: SalesMetrics;
}

const NOTHING: Omit<MetricKey, 'label' | 'isOther'> = {
  ...{ accountUuid: null, ownerUuid: null, stageUuid: null, campaignUuid: null },
  ...{ tier: null, industry: null, accountType: null, country: null, team: null, source: null },
  ...{ journeyStage: null, customValue: null, period: null },
};

export const OTHER_KEY = { ...NOTHING, label: 'Other', isOther: true } as MetricKey;

/** Dimensions told by what was found, not by what it is compared by. */
const BY_LABEL: Partial<Record<MetricDimension, keyof MetricKey>> = {
  [MetricDimension.INDUSTRY]: 'industry',
  [MetricDimension.COUNTRY]: 'country',
  [MetricDimension.SOURCE]: 'source',
};
const BY_VALUE: Partial<Record<MetricDimension, keyof MetricKey>> = {
  [MetricDimension.ACCOUNT]: 'accountUuid',
  [MetricDimension.OWNER]: 'ownerUuid',
  [MetricDimension.STAGE]: 'stageUuid',
  [MetricDimension.CAMPAIGN]: 'campaignUuid',
  [MetricDimension.TYPE]: 'accountType',
  [MetricDimension.JOURNEY_STAGE]: 'journeyStage',
  [MetricDimension.TEAM]: 'team',
  [MetricDimension.CUSTOM_FIELD]: 'customValue',
};

export function metricKey(by: MetricDimension[], group: string, labels: (string | null)[]): MetricKey {
  const values = keyValues(group);
  const key: Record<string, unknown> = { ...NOTHING, label: groupLabel(by, values, labels), isOther: false };
  by.forEach((dimension, index) => {
    const value = values[index] ?? null;
    if (value === null) return;
    if (dimension === MetricDimension.TIER) key.tier = Number(value);
    else
      key[BY_VALUE[dimension] ?? BY_LABEL[dimension] ?? 'period'] = BY_LABEL[dimension]
        ? labels[index]
        : value;
  });
  return key as unknown as MetricKey;
}
