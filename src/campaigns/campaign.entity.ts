import { defineEntity, type InferEntity } from '@mikro-orm/core';
import { tenantKey, tracked } from '../database/columns.ts';

export const CampaignEntity = defineEntity({
  name: 'Campaign',
  tableName: 'campaign',
  properties: (p) => ({
    ...tenantKey,
    name: p.text(),
    nameKey: p.text(),
    type: p.text().nullable(),
    typeKey: p.text().nullable(),
    status: p.text().nullable(),
    startDate: p.date().nullable(),
    endDate: p.date().nullable(),
    actualCost: p.bigint().nullable(),
    actualCostCurrency: p.text().nullable(),
    budgetedCost: p.bigint().nullable(),
    budgetedCostCurrency: p.text().nullable(),
    isActive: p.boolean().default(true),
    description: p.text().nullable(),
    ownerId: p.uuid().nullable(),
    externalId: p.text().nullable(),
    ...tracked,
  }),
});
export type CampaignEntity = InferEntity<typeof CampaignEntity>;

/** A person in a campaign: a lead, or a contact once the lead is converted. */
export const CampaignMemberEntity = defineEntity({
  name: 'CampaignMember',
  tableName: 'campaign_member',
  properties: (p) => ({
    ...tenantKey,
    campaignId: p.uuid(),
    leadId: p.uuid().nullable(),
    contactId: p.uuid().nullable(),
    /** As the campaign's own words put it: `Sent`, `Responded`, `Attended`. */
    status: p.text().nullable(),
    respondedAt: p.datetime(3).nullable(),
    externalId: p.text().nullable(),
    createdAt: p.datetime(3),
  }),
});
export type CampaignMemberEntity = InferEntity<typeof CampaignMemberEntity>;
