import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { CampaignMemberEntity } from '../campaigns/campaign.entity.ts';
import type { Transaction } from '../database/database.ts';
import { removedHere } from '../database/removed-import.ts';
import { insertRows } from './bulk-write.ts';
import type { MemberDraft } from './campaign-rows.ts';
import { convertedPeople } from './converted-people.ts';
import { type Draft, type DraftTable, reporting } from './drafts.ts';
import { type LinkTarget, queryInBatches } from './known-records.ts';
import type { Run } from './write-records.ts';
import { claimedRows } from './claimed-rows.ts';

interface MemberTargets {
  campaigns: LinkTarget;
  leads: LinkTarget;
  contacts: LinkTarget;
}

/** A person in a campaign as the file has it, by our ids. */
interface Membership {
  campaignId: string;
  leadId: string | null;
  contactId: string | null;
  status: string | null;
  respondedAt: Date | null;
  createdAt: Date | null;
  externalId: string;
}

type Stored = Omit<Membership, 'externalId' | 'createdAt'> & {
  id: string;
  createdAt: Date;
  externalId: string | null;
};

const keyOf = ({ campaignId, leadId, contactId }: Pick<Membership, 'campaignId' | 'leadId' | 'contactId'>) =>
  `${campaignId} ${leadId ?? contactId}`;

/** Who is in which campaign. A person is in a campaign once; a converted lead is its contact. */
export async function importMembers(
  run: Run,
  table: DraftTable<MemberDraft>,
  targets: MemberTargets,
): Promise<void> {
  const { tx, report, now } = run;
  const { type } = table;
  const wanted = await wantedMemberships(run, table, targets);
  const stored = await storedMemberships(tx, [...wanted.values()]);
  const claimed = claimedRows(wanted, stored, keyOf);
  const byExternalId = new Map(stored.map((member) => [member.externalId, member]));
  const inserts = [];
  const updates: Stored[] = [];
  for (const [key, member] of wanted) {
    const known = claimed.get(key);
    if (!known) {
      // an external id stays with the row that has it
      const externalId = byExternalId.has(member.externalId) ? null : member.externalId;
      const createdAt = member.createdAt ?? member.respondedAt ?? now;
      inserts.push({ id: uuidv7(), ...member, externalId, createdAt });
      continue;
    }
    const externalId = byExternalId.has(member.externalId)
      ? known.externalId
      : (known.externalId ?? member.externalId);
    const next: Stored = {
      ...{ id: known.id, campaignId: member.campaignId, leadId: member.leadId, contactId: member.contactId },
      status: table.columns.has('status') ? member.status : known.status,
      respondedAt: earliest(known.respondedAt, member.respondedAt),
      createdAt: earliest(known.createdAt, member.createdAt)!,
      externalId,
    };
    if (JSON.stringify(next) === JSON.stringify(known)) report.count(type, 'unchanged');
    else updates.push(next);
  }
  await updateMemberships(tx, updates);
  await insertRows(tx, CampaignMemberEntity, inserts);
  report.count(type, 'created', inserts.length);
  report.count(type, 'updated', updates.length);
}

function earliest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a <= b ? a : b;
}

/** The rows with our ids, those of one person in one campaign put together; what is wrong with one is reported. */
async function wantedMemberships(
  { tx, report }: Run,
  table: DraftTable<MemberDraft>,
  { campaigns, leads, contacts }: MemberTargets,
): Promise<Map<string, Membership>> {
  const drafts = [...table.drafts.values()];
  const removed = await removedHere(tx, 'CampaignMember', [...table.drafts.keys()]);
  const leadIds = drafts.map(({ leadId }) => leads.find(leadId)).filter((id) => id !== undefined);
  const people = await convertedPeople(tx, new Set(leadIds));
  const linked = (draft: MemberDraft & Draft): Membership => {
    const campaignId = campaigns.resolve('CampaignId', draft.campaignId)!;
    const contactId = contacts.resolve('ContactId', draft.contactId);
    const leadId = contactId === null ? leads.resolve('LeadId', draft.leadId) : null;
    const converted = leadId === null ? undefined : people.get(leadId)?.contactId;
    const { status, respondedAt, createdAt, externalId } = draft;
    const person = converted ? { leadId: null, contactId: converted } : { leadId, contactId };
    return { campaignId, ...person, status, respondedAt, createdAt, externalId };
  };
  const wanted = new Map<string, Membership>();
  for (const draft of drafts) {
    if (removed.has(draft.externalId)) {
      report.count(table.type, 'skippedDeleted');
      report.note(`{n} rows of ${table.file} were deleted in Kontor and stay so`);
      continue;
    }
    reporting(report, table, { line: draft.line, id: draft.externalId }, () => {
      const member = linked(draft);
      const first = wanted.get(keyOf(member));
      if (!first) {
        wanted.set(keyOf(member), member);
        return;
      }
      first.respondedAt = earliest(first.respondedAt, member.respondedAt);
      first.createdAt = earliest(first.createdAt, member.createdAt);
      report.count(table.type, 'unchanged');
      report.note(`{n} rows of ${table.file} are about a person who is in the campaign by another row, and were put together with it`); // prettier-ignore
    });
  }
  return wanted;
}

/** What is known of these people's memberships, and of the rows themselves. */
async function storedMemberships(tx: Transaction, wanted: Membership[]): Promise<Stored[]> {
  const { organizationId } = tx.tenant;
  const columns = sql`id, campaign_id as "campaignId", lead_id as "leadId", contact_id as "contactId", status,
    responded_at as "respondedAt", created_at as "createdAt", external_id as "externalId"`;
  type Row = Omit<Stored, 'respondedAt' | 'createdAt'> & { respondedAt: string | null; createdAt: string };
  const rows = [
    ...(await queryInBatches(
      new Set(wanted.flatMap(({ leadId, contactId }) => leadId ?? contactId!)),
      (batch) =>
        tx.query<Row>(sql`
        select ${columns} from campaign_member
        where organization_id = ${organizationId} and (lead_id = any(${batch}::uuid[]) or contact_id = any(${batch}::uuid[]))`),
    )),
    ...(await queryInBatches(
      wanted.map(({ externalId }) => externalId),
      (batch) =>
        tx.query<Row>(sql`
          select ${columns} from campaign_member
          where organization_id = ${organizationId} and external_id = any(${batch}::text[])`),
    )),
  ];
  return [...new Map(rows.map((row) => [row.id, row])).values()].map(
    ({ id, campaignId, leadId, contactId, status, respondedAt, createdAt, externalId }) => ({
      ...{ id, campaignId, leadId, contactId, status },
      respondedAt: respondedAt === null ? null : new Date(respondedAt),
      ...{ createdAt: new Date(createdAt), externalId },
    }),
  );
}

async function updateMemberships(tx: Transaction, members: Stored[]): Promise<void> {
  await queryInBatches(
    members.map((member) => JSON.stringify(member)),
    (batch) =>
      tx.query(sql`
        update campaign_member m set campaign_id = r."campaignId", lead_id = r."leadId", contact_id = r."contactId",
          status = r.status, responded_at = r."respondedAt", created_at = r."createdAt", external_id = r."externalId"
        from jsonb_to_recordset(${`[${batch.join()}]`}::jsonb) as r (id uuid, "campaignId" uuid, "leadId" uuid, "contactId" uuid,
          status text, "respondedAt" timestamptz(3), "createdAt" timestamptz(3), "externalId" text)
        where m.organization_id = ${tx.tenant.organizationId} and m.id = r.id`),
  );
}
