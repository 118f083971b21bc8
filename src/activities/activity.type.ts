import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf, type ListRow } from '../graphql/connection.ts';
import { encodeId } from '../graphql/ids.ts';
import { Node } from '../graphql/node.type.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { activityMinutes } from './activity-minutes.ts';
import { ActivityDirection, ActivityType } from './activity.enums.ts';

@ObjectType('Activity', {
  implements: Node,
  simpleResolvers: true,
  description: 'Something that happened between a person and us, or is to happen.',
})
export class Activity extends Node {
  leadUuid!: string | null;
  contactUuid!: string | null;
  accountUuid!: string | null;
  opportunityUuid!: string | null;
  ownerUuid!: string | null;

  @Field(() => ActivityType, { description: 'What it was.' })
  type!: ActivityType;

  @Field(() => String, { nullable: true, description: 'One line about it.' })
  subject!: string | null;

  @Field(() => ActivityDirection, {
    nullable: true,
    description: 'Who started it; null when that makes no sense.',
  })
  direction!: ActivityDirection | null;

  @Field(() => Int, {
    description:
      'Minutes the person gave us, for engagement: its own, else what the settings say for its type. 0 or more.',
  })
  minutes!: number;

  @Field(() => DateTimeScalar, { description: 'When it happened, or is due.' })
  occurredAt!: string;

  @Field(() => Boolean, { description: 'Is it still to be done?' })
  isOpen!: boolean;
}

export const ActivityConnection = connectionOf('Activity', () => Activity, 'activities');
export type ActivityConnection = InstanceType<typeof ActivityConnection>;

/** Each property of a row, over the alias `t`. */
export const activityColumns = {
  uuid: 't.id',
  type: 't.type',
  subject: 't.subject',
  direction: 't.direction',
  minutes: activityMinutes(
    `(select (o.metric_settings -> 'activityMinutes' ->> t.type)::integer from organization o where o.id = t.organization_id)`,
  ),
  occurredAt: 't.occurred_at',
  isOpen: 't.is_open',
  leadUuid: 't.lead_id',
  contactUuid: 't.contact_id',
  accountUuid: 't.account_id',
  opportunityUuid: 't.opportunity_id',
  ownerUuid: 't.owner_id',
};

export function toActivity(row: ListRow): Activity {
  const activity = row as unknown as Activity;
  activity.id = encodeId('Activity', row.uuid);
  return activity;
}

export const activityList = { connection: ActivityConnection, toNode: toActivity };
