import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf, type ListRow } from '../graphql/connection.ts';
import { encodeId } from '../graphql/ids.ts';
import { Node } from '../graphql/node.type.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
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

  @Field(() => Int, { description: 'Minutes the person gave us, for engagement: 0 or more.' })
  minutes!: number;

  @Field(() => DateTimeScalar, { description: 'When it happened, or is due.' })
  occurredAt!: string;

  @Field(() => Boolean, { description: 'Is it still to be done?' })
  isOpen!: boolean;
}

export const ActivityConnection = connectionOf('Activity', () => Activity, 'activities');
export type ActivityConnection = InstanceType<typeof ActivityConnection>;

/** Select list over the alias `t`. */
export const activityColumns = `t.id as uuid, t.type, t.subject, t.direction, t.minutes, t.occurred_at as "occurredAt", t.is_open as "isOpen",
  t.lead_id as "leadUuid", t.contact_id as "contactUuid", t.account_id as "accountUuid", t.opportunity_id as "opportunityUuid",
  t.owner_id as "ownerUuid"`;

export function toActivity(row: ListRow): Activity {
  const activity = row as unknown as Activity;
  activity.id = encodeId('Activity', row.uuid);
  return activity;
}

export const activityList = { connection: ActivityConnection, toNode: toActivity };
