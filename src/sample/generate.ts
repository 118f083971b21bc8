import { AccountEntity } from '../accounts/account.entity.ts';
import { ActivityEntity } from '../activities/activity.entity.ts';
import { CampaignEntity, CampaignMemberEntity } from '../campaigns/campaign.entity.ts';
import { ContactEntity } from '../contacts/contact.entity.ts';
import { ConversionFieldEntity, LeadConversionEntity } from '../conversion/conversion.entity.ts';
import type { Database, Transaction } from '../database/database.ts';
import { record } from '../database/journal.ts';
import { LeadHandoffEntity } from '../handoffs/handoff.entity.ts';
import { Role } from '../identity/identity.enums.ts';
import { QueueEntity, UserEntity } from '../identity/identity.entity.ts';
import type { Organization } from '../identity/organization.service.ts';
import { matchLeads } from '../leads/lead-matching.ts';
import { LeadEntity } from '../leads/lead.entity.ts';
import { ExchangeRateEntity } from '../metrics/rates/exchange-rate.entity.ts';
import { SalesTargetEntity } from '../metrics/targets/sales-target.entity.ts';
import {
  OpportunityContactRoleEntity,
  OpportunityEntity,
  OpportunityVersionEntity,
} from '../opportunities/opportunity.entity.ts';
import { draftSample, type Sample } from './draft-sample.ts';
import { readSetting, refuseUnlessEmpty } from './setting.ts';

export interface SampleResult {
  accounts: number;
  contacts: number;
  leads: number;
  opportunities: number;
  conversions: number;
  campaigns: number;
  activities: number;
}

export interface SampleOptions {
  /** The same seed on the same day gives the same rows, ids included. */
  seed?: number;
  now?: Date;
}

const DEFAULT_SEED = 20_260_101;

/** Fills an empty organisation with two years of an invented sales team's work; refuses one with records. */
export async function generateSample(
  database: Database,
  organization: Organization & { adminId: string },
  { seed = DEFAULT_SEED, now = new Date() }: SampleOptions = {},
): Promise<SampleResult> {
  const tenant = { organizationId: organization.id, userId: organization.adminId };
  const result = await database.write(tenant, async (tx) => {
    await refuseUnlessEmpty(tx, organization);
    const sample = draftSample(await readSetting(tx, organization, seed, now));
    await insertSample(tx, sample);
    await matchLeads(
      tx,
      sample.leads.filter((lead) => !lead.isConverted).map((lead) => lead.id),
    );
    const counts: SampleResult = {
      accounts: sample.accounts.length,
      contacts: sample.contacts.length,
      leads: sample.leads.length,
      opportunities: sample.opportunities.length,
      conversions: sample.conversions.length,
      campaigns: sample.campaigns.length,
      activities: sample.activities.length,
    };
    const admin = await tx.em.findOneOrFail(UserEntity, {
      organizationId: organization.id,
      id: organization.adminId,
    });
    record(
      tx,
      { ...tenant, kind: 'PERSON', role: Role.ADMIN, name: admin.name, tokenId: '' },
      {
        recordType: 'Sample',
        recordId: organization.id,
        action: 'generateSample',
        after: { seed, ...counts },
        at: now,
      },
    );
    return counts;
  });
  await database.learnStatistics();
  return result;
}

/** Rows per statement: PostgreSQL takes 65,535 parameters, and the widest table has about 40 columns. */
const BATCH = 500;

async function insertSample({ em }: Transaction, sample: Sample): Promise<void> {
  const batches = function* <T>(rows: T[]): Generator<T[]> {
    for (let start = 0; start < rows.length; start += BATCH) yield rows.slice(start, start + BATCH);
  };
  // In the order of the references between them; an account's parent is in the same statement or an earlier one.
  for (const rows of batches(sample.team.users)) await em.insertMany(UserEntity, rows);
  await em.insertMany(QueueEntity, [sample.team.inbound]);
  for (const rows of batches(sample.targets)) await em.insertMany(SalesTargetEntity, rows);
  for (const rows of batches(sample.rates)) await em.insertMany(ExchangeRateEntity, rows);
  for (const rows of batches(sample.campaigns)) await em.insertMany(CampaignEntity, rows);
  for (const rows of batches(sample.accounts)) await em.insertMany(AccountEntity, rows);
  for (const rows of batches(sample.contacts)) await em.insertMany(ContactEntity, rows);
  for (const rows of batches(sample.opportunities)) await em.insertMany(OpportunityEntity, rows);
  for (const rows of batches(sample.versions)) await em.insertMany(OpportunityVersionEntity, rows);
  for (const rows of batches(sample.roles)) await em.insertMany(OpportunityContactRoleEntity, rows);
  for (const rows of batches(sample.leads)) await em.insertMany(LeadEntity, rows);
  for (const rows of batches(sample.handoffs)) await em.insertMany(LeadHandoffEntity, rows);
  for (const rows of batches(sample.conversions)) await em.insertMany(LeadConversionEntity, rows);
  for (const rows of batches(sample.fields)) await em.insertMany(ConversionFieldEntity, rows);
  for (const rows of batches(sample.members)) await em.insertMany(CampaignMemberEntity, rows);
  for (const rows of batches(sample.activities)) await em.insertMany(ActivityEntity, rows);
}
