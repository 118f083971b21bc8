import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { ActivityType } from '../../activities/activity.enums.ts';
import { BuyingRole } from '../../contacts/contact.enums.ts';
import { SettingsChange } from '../../identity/settings.inputs.ts';
import { DEFAULT_METRIC_SETTINGS, type MetricSettings } from '../metric-settings.ts';
import { BOUNDS, type NumberSetting } from './metric-bounds.ts';

/** What each number means, for the type and the input. */
const MEANINGS: Record<NumberSetting, string> = {
  engagementMonths:
    'Months before a moment by whose activities an account’s engagement is judged: journey stages, MQA.',
  engagedMinutes: 'Minutes of engagement from which on an account is ENGAGED.',
  mqaMinutes: 'Minutes of engagement an MQA (marketing-qualified account) has at least.',
  mqaPeople: 'Engaged people an MQA has at least.',
  firstResponseMinutes: 'Minutes in which a new lead is to get its first answer; later it is overdue.',
  handoffHours: 'Hours in which a hand-off from SDR to AE is to be decided on; later it is overdue.',
  leadActiveDays: 'Days without activity up to which an open lead is active; then it is aging.',
  leadAgingDays:
    'Days without activity up to which an open lead is aging, then it is stale: more than `leadActiveDays`.',
  contactStagnantDays: 'Days without activity after which a contact is stagnant.',
  accountStagnantDays: 'Days without activity after which an account is stagnant.',
  opportunityStagnantDays: 'Days without activity after which an open deal is stagnant.',
};

const NUMBERS = Object.keys(MEANINGS) as NumberSetting[];

const ROLES = 'Buying roles that an account’s contacts are to fill; none: there is no coverage to speak of.';
const MINUTES =
  'How long an inbound activity of a type counts as engagement when it has no minutes of its own.';
const defaultRoles = DEFAULT_METRIC_SETTINGS.requiredBuyingRoles.join(', ');

@ObjectType('ActivityMinutes', {
  simpleResolvers: true,
  description: 'How long an activity of a type counts as engagement.',
})
export class ActivityMinutes {
  @Field(() => ActivityType, { description: 'The type of activity.' })
  type!: ActivityType;

  @Field(() => Int, { description: 'Minutes; 0: it is no engagement.' })
  minutes!: number;
}

type Numbers = Pick<MetricSettings, NumberSetting>;

@ObjectType('MetricSettings', {
  simpleResolvers: true,
  description: 'Limits and weights by which the organisation’s metrics are computed.',
})
export class MetricSettingsType implements Numbers {
  @Field(() => [ActivityMinutes], { description: `${MINUTES} Every type, in the order of \`ActivityType\`.` })
  activityMinutes!: ActivityMinutes[];

  @Field(() => [BuyingRole], { description: `${ROLES} Default: ${defaultRoles}.` })
  requiredBuyingRoles!: BuyingRole[];

  engagementMonths!: number;
  engagedMinutes!: number;
  mqaMinutes!: number;
  mqaPeople!: number;
  firstResponseMinutes!: number;
  handoffHours!: number;
  leadActiveDays!: number;
  leadAgingDays!: number;
  contactStagnantDays!: number;
  accountStagnantDays!: number;
  opportunityStagnantDays!: number;
}

for (const name of NUMBERS)
  Field(() => Int, { description: `${MEANINGS[name]} Default: ${DEFAULT_METRIC_SETTINGS[name]}.` })(
    MetricSettingsType.prototype,
    name,
  );

@InputType('ActivityMinutesInput', { description: 'How long activities of a type are to count.' })
export class ActivityMinutesInput {
  @Field(() => ActivityType, { description: 'The type of activity.' })
  type!: ActivityType;

  @Field(() => Int, {
    nullable: true,
    description: `Minutes: ${BOUNDS.activityMinutes.min} to ${BOUNDS.activityMinutes.max}. Null or omitted: the type’s default.`,
  })
  minutes?: number | null;
}

@InputType('UpdateMetricSettingsInput', {
  description:
    'Changes to the limits and weights of metrics. A field that is omitted stays as it is, one that is null gets its default.',
})
export class UpdateMetricSettingsInput extends SettingsChange {
  @Field(() => [ActivityMinutesInput], {
    nullable: true,
    description: `${MINUTES} Types that are left out stay as they are; null: the defaults of all.`,
  })
  activityMinutes?: ActivityMinutesInput[] | null;

  @Field(() => [BuyingRole], { nullable: true, description: `${ROLES} Each at most once.` })
  requiredBuyingRoles?: BuyingRole[] | null;

  engagementMonths?: number | null;
  engagedMinutes?: number | null;
  mqaMinutes?: number | null;
  mqaPeople?: number | null;
  firstResponseMinutes?: number | null;
  handoffHours?: number | null;
  leadActiveDays?: number | null;
  leadAgingDays?: number | null;
  contactStagnantDays?: number | null;
  accountStagnantDays?: number | null;
  opportunityStagnantDays?: number | null;
}

for (const name of NUMBERS)
  Field(() => Int, {
    nullable: true,
    description: `${MEANINGS[name]} ${BOUNDS[name].min} to ${BOUNDS[name].max}.`,
  })(UpdateMetricSettingsInput.prototype, name);

export function metricSettingsNode({ activityMinutes, ...others }: MetricSettings): MetricSettingsType {
  return {
    ...others,
    activityMinutes: Object.values(ActivityType).map((type) => ({ type, minutes: activityMinutes[type] })),
  };
}
