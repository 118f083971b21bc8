import { Field, ObjectType } from 'type-graphql';
import { connectionOf, type ListRow } from '../graphql/connection.ts';
import { encodeId } from '../graphql/ids.ts';
import { Node } from '../graphql/node.type.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';

@ObjectType('CampaignMember', {
  implements: Node,
  simpleResolvers: true,
  description:
    "A person in a campaign, once: a lead, or a contact. A lead's membership becomes its contact's when the lead is converted.",
})
export class CampaignMember extends Node {
  campaignUuid!: string;
  leadUuid!: string | null;
  contactUuid!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'How far the person got, in the own words of the campaign: `Sent`, `Attended`.',
  })
  status!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the person first responded; null: not yet.',
  })
  respondedAt!: string | null;

  @Field(() => DateTimeScalar, {
    description: 'When the person came into the campaign: the moment of the touch.',
  })
  createdAt!: string;
}

export const CampaignMemberConnection = connectionOf(
  'CampaignMember',
  () => CampaignMember,
  'memberships in campaigns',
);
export type CampaignMemberConnection = InstanceType<typeof CampaignMemberConnection>;

/** Each property of a row, over the alias `t`. */
export const memberColumns = {
  uuid: 't.id',
  campaignUuid: 't.campaign_id',
  leadUuid: 't.lead_id',
  contactUuid: 't.contact_id',
  status: 't.status',
  respondedAt: 't.responded_at',
  createdAt: 't.created_at',
};

export function toMember(row: ListRow): CampaignMember {
  const member = row as unknown as CampaignMember;
  member.id = encodeId('CampaignMember', row.uuid);
  return member;
}

export const memberList = { connection: CampaignMemberConnection, toNode: toMember };
