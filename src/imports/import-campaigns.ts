import { CampaignEntity } from '../campaigns/campaign.entity.ts';
import { campaignKeys } from '../campaigns/campaign.keys.ts';
import type { CampaignDraft } from './campaign-rows.ts';
import type { DraftTable } from './drafts.ts';
import type { KnownRecord, LinkTarget } from './known-records.ts';
import { type Outcome, ownerUser, type Run, type Sources, writeRecords } from './write-records.ts';

const SOURCES: Sources = {
  name: ['Name'],
  nameKey: ['Name'],
  type: ['Type'],
  typeKey: ['Type'],
  status: ['Status'],
  isActive: ['IsActive'],
  startDate: ['StartDate'],
  endDate: ['EndDate'],
  budgetedCost: ['BudgetedCost'],
  budgetedCostCurrency: ['BudgetedCost'],
  actualCost: ['ActualCost'],
  actualCostCurrency: ['ActualCost'],
  description: ['Description'],
  ownerId: ['OwnerId'],
};

export async function importCampaigns(
  run: Run,
  table: DraftTable<CampaignDraft>,
  known: ReadonlyMap<string, KnownRecord>,
  campaigns: LinkTarget,
): Promise<Outcome> {
  const target = { entity: CampaignEntity, table, known, sources: SOURCES };
  return await writeRecords(run, target, table.drafts.values(), (draft, id) => {
    const { name, type, status, isActive, startDate, endDate, description } = draft;
    const { budgetedCost, actualCost, currency } = draft;
    campaigns.set(draft.externalId, id);
    return {
      ...{ name, type, status, isActive, startDate, endDate, description, budgetedCost, actualCost },
      ...campaignKeys({ name, type }),
      budgetedCostCurrency: budgetedCost === null ? null : currency,
      actualCostCurrency: actualCost === null ? null : currency,
      ownerId: ownerUser(run, draft.ownerId),
    };
  });
}

/** The primary campaign of a lead or a deal: not worth losing the record for when the export left it out. */
export function primaryCampaign(
  { report }: Run,
  campaigns: LinkTarget,
  externalId: string | null,
): string | null {
  const id = campaigns.find(externalId);
  if (externalId !== null && id === undefined)
    report.note(
      '{n} primary campaigns (CampaignId) are neither in Campaign.csv nor imported before and were left out',
    );
  return id ?? null;
}
