import { Field, ObjectType } from 'type-graphql';
import { DateScalar } from '../../graphql/scalars.ts';
import { LeadMetrics } from './lead-metrics.type.ts';

@ObjectType('LeadGroupKey', {
  simpleResolvers: true,
  description: 'What the leads of a group have in common. What they are not grouped by is null.',
})
export class LeadGroupKey {
  statusUuid!: string | null;
  ownerUuid!: string | null;
  queueUuid!: string | null;
  campaignUuid!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The key as text, to show: `Web`, `2026-02`; several joined by ` · `, with `–` for none. Null for the group without any.',
  })
  label!: string | null;

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
