import { money } from './account-rows.ts';
import { boolean, date, id, pastInstant } from './cell-values.ts';
import { RowProblem } from './csv-table.ts';
import type { FileShape } from './drafts.ts';

export interface CampaignDraft {
  name: string;
  type: string | null;
  status: string | null;
  isActive: boolean;
  startDate: string | null;
  endDate: string | null;
  budgetedCost: bigint | null;
  actualCost: bigint | null;
  currency: string;
  description: string | null;
  ownerId: string | null;
}

export const campaignFile: FileShape<CampaignDraft> = {
  file: 'Campaign.csv',
  type: 'campaigns',
  requiredColumns: ['Id', 'Name'],
  read(row, reading, report) {
    const day = (column: string) => row.read(column, (text) => date(text, reading));
    const { amount: actualCost, currency } = money(row, 'ActualCost', reading, report);
    return {
      name: row.required('Name'),
      type: row.text('Type'),
      status: row.text('Status'),
      isActive: row.has('IsActive') ? (row.read('IsActive', boolean) ?? false) : true,
      startDate: day('StartDate'),
      endDate: day('EndDate'),
      budgetedCost: money(row, 'BudgetedCost', reading, report).amount,
      ...{ actualCost, currency },
      description: row.text('Description'),
      ownerId: row.read('OwnerId', id),
    };
  },
};

export interface MemberDraft {
  campaignId: string;
  /** One of them, or both: Salesforce keeps the lead of a contact that was one. */
  leadId: string | null;
  contactId: string | null;
  status: string | null;
  respondedAt: Date | null;
}

/** `LeadOrContactId` stands in for the two where they are not there. */
const LEAD = /^00Q/;

export const memberFile: FileShape<MemberDraft> = {
  file: 'CampaignMember.csv',
  type: 'campaignMembers',
  requiredColumns: ['Id', 'CampaignId'],
  read(row, reading) {
    const instant = (column: string) => row.read(column, (text) => pastInstant(text, reading));
    row.required('CampaignId');
    const either = row.read('LeadOrContactId', id);
    const leadId = row.read('LeadId', id) ?? (either && LEAD.test(either) ? either : null);
    const contactId = row.read('ContactId', id) ?? (either && !LEAD.test(either) ? either : null);
    if (leadId === null && contactId === null)
      throw new RowProblem('LeadId', 'is blank, and so is ContactId: it names nobody');
    const responded = instant('FirstRespondedDate');
    const hasResponded = row.read('HasResponded', boolean) ?? responded !== null;
    return {
      campaignId: row.read('CampaignId', id)!,
      ...{ leadId, contactId, status: row.text('Status') },
      // a response without a date was known at the last change at the latest
      respondedAt: hasResponded
        ? (responded ?? instant('LastModifiedDate') ?? instant('SystemModstamp') ?? instant('CreatedDate'))
        : null,
    };
  },
};
