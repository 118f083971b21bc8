import { Field, ObjectType } from 'type-graphql';
import { DateScalar } from '../../graphql/scalars.ts';
import { groupLabel, isPeriod, keyValues } from '../grouping.ts';
import { LeadDimension } from './lead-metrics.inputs.ts';
import { LeadMetrics } from './lead-metrics.type.ts';

@ObjectType('LeadGroupKey', {
  simpleResolvers: true,
  description:
    'What the leads of a group have in common. What they are not grouped by is null, and everything of the rest.',
})
export class LeadGroupKey {
  statusUuid!: string | null;
  ownerUuid!: string | null;
  queueUuid!: string | null;
  campaignUuid!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The key as text, to show: `Web`, `2026-02`; several joined by ` · `, with `–` for none. Null for the group without any, `Other` for the rest.',
  })
  label!: string | null;

  @Field(() => Boolean, { description: 'Is it all groups beyond `first` together?' })
  isOther!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Their source, in one of its spellings; null: they have none.',
  })
  source!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Their value of the custom field, as text; null: they have none.',
  })
  customValue!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The first day of the period.' })
  period!: string | null;
}

@ObjectType('LeadGroup', {
  simpleResolvers: true,
  description: 'Leads with something in common, and their metrics.',
})
export class LeadGroup {
  @Field(() => LeadGroupKey, { description: 'What they have in common.' })
  key!: LeadGroupKey;

  @Field(() => LeadMetrics, { description: 'Their metrics, from the rows: the groups add up to the whole.' })
  metrics!: LeadMetrics;
}

const NOTHING = {
  ...{ statusUuid: null, ownerUuid: null, queueUuid: null, campaignUuid: null },
  ...{ source: null, customValue: null, period: null },
};

export const OTHER_KEY: LeadGroupKey = { ...NOTHING, label: 'Other', isOther: true };

export function leadGroupKey(by: LeadDimension[], group: string, labels: (string | null)[]): LeadGroupKey {
  const values = keyValues(group);
  const at = (of: (dimension: LeadDimension) => boolean, from = values) => from[by.findIndex(of)] ?? null;
  const of = (wanted: LeadDimension, from = values) => at((dimension) => dimension === wanted, from);
  return {
    label: groupLabel(by, values, labels),
    isOther: false,
    source: of(LeadDimension.SOURCE) && of(LeadDimension.SOURCE, labels),
    statusUuid: of(LeadDimension.STATUS),
    ownerUuid: of(LeadDimension.OWNER),
    queueUuid: of(LeadDimension.QUEUE),
    campaignUuid: of(LeadDimension.CAMPAIGN),
    customValue: of(LeadDimension.CUSTOM_FIELD),
    period: at(isPeriod),
  };
}
