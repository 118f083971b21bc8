import { LeadEntity } from '../leads/lead.entity.ts';
import { leadKeys } from '../leads/lead.keys.ts';
import type { DraftTable, Draft } from './drafts.ts';
import { primaryCampaign } from './import-campaigns.ts';
import type { KnownRecord, LinkTarget } from './known-records.ts';
import type { LeadStatuses } from './lead-statuses.ts';
import type { LeadDraft } from './person-rows.ts';
import { isQueueId } from './salesforce-id.ts';
import { type Outcome, ownerUser, type Run, type Sources, writeRecords } from './write-records.ts';

const SOURCES: Sources = {
  firstName: ['FirstName'],
  lastName: ['LastName'],
  nameKey: ['LastName'],
  company: ['Company'],
  companyKey: ['Company'],
  matchKey: ['Company'],
  email: ['Email'],
  emailKey: ['Email'],
  phone: ['Phone'],
  mobile: ['MobilePhone'],
  title: ['Title'],
  website: ['Website'],
  domain: ['Website', 'Email'],
  industry: ['Industry'],
  employees: ['NumberOfEmployees'],
  annualRevenue: ['AnnualRevenue'],
  annualRevenueCurrency: ['AnnualRevenue'],
  street: ['Street'],
  city: ['City'],
  state: ['State'],
  postalCode: ['PostalCode'],
  country: ['Country'],
  rating: ['Rating'],
  description: ['Description'],
  doNotCall: ['DoNotCall'],
  emailOptOut: ['HasOptedOutOfEmail'],
  statusId: ['Status'],
  campaignId: ['CampaignId'],
  source: ['LeadSource'],
  sourceKey: ['LeadSource'],
  ownerId: ['OwnerId'],
  queueId: ['OwnerId'],
  isConverted: ['IsConverted'],
  convertedAt: ['IsConverted'],
};

export type KnownLead = KnownRecord & {
  firstName: string | null;
  website: string | null;
  email: string | null;
  isConverted: boolean;
  convertedAt: string | null;
};

/** A lead's conversion with our ids, as its row has it. */
export interface LinkedConversion {
  leadId: string;
  accountId: string | null;
  contactId: string | null;
  opportunityId: string | null;
  convertedAt: Date;
}

export interface LeadImport {
  table: DraftTable<LeadDraft>;
  known: ReadonlyMap<string, KnownLead>;
  leads: LinkTarget;
  campaigns: LinkTarget;
  statuses: LeadStatuses;
  /** Our ids of leads Kontor has decided about: converted here, or an imported conversion reverted here. */
  decidedHere: ReadonlySet<string>;
  /** Links the draft's conversion; a RowProblem rejects the lead. */
  linkConversion(draft: LeadDraft & Draft, leadId: string, known: KnownLead | undefined): LinkedConversion;
}

export async function importLeads(
  run: Run,
  { table, known, leads, campaigns, statuses, decidedHere, linkConversion }: LeadImport,
): Promise<Outcome & { conversions: LinkedConversion[] }> {
  const conversions: LinkedConversion[] = [];
  const has = (column: string) => table.columns.has(column);
  const target = { entity: LeadEntity, table, known, sources: SOURCES };
  const outcome = await writeRecords(run, target, table.drafts.values(), (draft, id, before) => {
    if (before && decidedHere.has(before.id)) {
      run.report.note(
        '{n} leads were converted (or their conversion reverted) in Kontor and were left alone',
      );
      return undefined;
    }
    if (before?.isConverted && draft.conversion === null) {
      run.report.note('{n} leads are converted in Kontor but not in the file, and were left alone');
      return undefined;
    }
    const conversion = draft.conversion && linkConversion(draft, id, before);
    if (conversion) conversions.push(conversion);
    leads.set(draft.externalId, id);
    const isQueue = draft.ownerId !== null && isQueueId(draft.ownerId);
    const firstName = has('firstname') ? draft.firstName : (before?.firstName ?? null);
    const { lastName, company, phone, mobile, title, industry, employees, rating, source, description } =
      draft;
    const email = has('email') ? draft.email : (before?.email ?? null);
    const website = has('website') ? draft.website : (before?.website ?? null);
    const { street, city, state, postalCode, country, doNotCall, emailOptOut } = draft;
    const { annualRevenue, annualRevenueCurrency } = draft;
    return {
      ...{ firstName, lastName, company, email, phone, mobile, title, website, industry, employees },
      ...{ annualRevenue, annualRevenueCurrency, street, city, state, postalCode, country },
      ...{ rating, description, doNotCall, emailOptOut, source },
      ...leadKeys({ firstName, lastName, company, email, website, source }),
      statusId: statuses.of(draft).id,
      campaignId: primaryCampaign(run, campaigns, draft.campaignId),
      ownerId: isQueue ? null : ownerUser(run, draft.ownerId),
      queueId: isQueue ? run.owners.queues.get(draft.ownerId!)! : null,
      isConverted: conversion !== null,
      convertedAt: conversion?.convertedAt ?? null,
    };
  });
  return { ...outcome, conversions };
}
