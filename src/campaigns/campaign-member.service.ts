import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { rememberRemoved } from '../database/removed-import.ts';
import { forUpdate } from '../database/versioned-update.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import { pastInstant, readFields, shortText } from '../graphql/input-rules.ts';
import { Judged } from '../graphql/judged.ts';
import { MAX_PAGE } from '../graphql/page.ts';
import { invalidInput, notFound, Refusal } from '../graphql/user-error.ts';
import type { Principal } from '../identity/principal.ts';
import { requireRight } from '../identity/rights.ts';
import { foundContact, foundLead, heldContacts, heldLeads } from '../leads/held-people.ts';
import { CampaignMemberEntity } from './campaign.entity.ts';
import type {
  AddCampaignMembersInput,
  CampaignPersonInput,
  RemoveCampaignMemberInput,
  UpdateCampaignMemberInput,
} from './campaign-member.inputs.ts';
import { campaignNamed } from './campaign-reference.ts';

const memberFields = { status: shortText, respondedAt: pastInstant };

/** Somebody to be in a campaign: either a lead or a contact. */
interface Person {
  leadId: string | null;
  contactId: string | null;
}

interface NewMember extends Person {
  status: string | null;
  respondedAt: Date | null;
}

const keyOf = ({ leadId, contactId }: Person) => leadId ?? contactId!;

/** UUIDs; a membership for each of the people asked for, in their order. */
export interface AddedMembers {
  campaignId: string;
  memberIds: string[];
}

/**
 * Brings people into a campaign, each once: who is in it already stays as they are there. A converted lead's contact is
 * added in its place. All who won't do are refused together.
 */
export function addCampaignMembers(
  tx: Transaction,
  principal: Principal,
  input: AddCampaignMembersInput,
): Promise<AddedMembers> {
  requireRight(principal, 'campaign:write');
  return once(tx, principal, 'addCampaignMembers', input.idempotencyKey, input, async () => {
    const { length } = input.people;
    if (length === 0 || length > MAX_PAGE)
      throw invalidInput('people', `people must name 1 to ${MAX_PAGE} people, not ${length}`);
    const campaignId = (await campaignNamed(tx, input.campaign))!;
    const people = await heldPeople(tx, input.people);
    const at = new Date();
    const added = await insertMembers(tx, campaignId, people, at);
    if (added.length > 0)
      record(
        tx,
        principal,
        {
          ...{ recordType: 'Campaign', recordId: campaignId, action: 'addCampaignMembers', at },
          after: { members: added },
        },
        { memberIds: added.map(({ id }) => id) },
      );
    const members = await membersOf(tx, campaignId, people);
    return { campaignId, memberIds: people.map((person) => members.get(keyOf(person))!) };
  });
}

/** The people of an input, held so that nobody's memberships are moved to another record meanwhile. */
async function heldPeople(tx: Transaction, given: CampaignPersonInput[]): Promise<NewMember[]> {
  const items = given.map((_, index) => new Judged(['people', String(index)]));
  const judge = <T>(rule: (person: CampaignPersonInput, index: number) => T) =>
    items.map((item, index) => item.by(() => rule(given[index]!, index)));
  const named = judge(namedPerson);
  const fields = judge((person) => readFields(person, memberFields));
  const leads = await heldLeads(
    tx,
    named.flatMap((one) => one?.leadId ?? []),
  );
  const contactIds = named.flatMap((one) => one?.contactId ?? leads.get(one?.leadId ?? '')?.contactId ?? []);
  const contacts = await heldContacts(tx, contactIds);
  const people = judge((_, index): Person | undefined => {
    const one = named[index];
    if (!one) return undefined;
    const lead = one.leadId === null ? null : foundLead(leads, one.leadId, ['lead']);
    if (lead && !lead.isConverted) return { leadId: lead.id, contactId: null };
    const path = [lead ? 'lead' : 'contact'];
    return { leadId: null, contactId: foundContact(contacts, (lead ?? one).contactId!, path).id };
  });
  const errors = items.flatMap((item) => item.errors);
  if (errors.length > 0) throw new Refusal(errors);
  return people.map((person, index) => ({ status: null, respondedAt: null, ...fields[index]!, ...person! }));
}

function namedPerson({ lead, contact }: CampaignPersonInput): Person {
  if ((lead == null) === (contact == null))
    throw invalidInput('lead', 'A person is either a lead or a contact: name one of them');
  return {
    leadId: lead == null ? null : decodeIdOrRefuse('Lead', lead, 'lead'),
    contactId: contact == null ? null : decodeIdOrRefuse('Contact', contact, 'contact'),
  };
}

/** In one order, so that two who add the same people wait for each other; the first of one person counts. */
function insertMembers(
  tx: Transaction,
  campaignId: string,
  people: NewMember[],
  at: Date,
): Promise<({ id: string } & NewMember)[]> {
  const each = [...Map.groupBy(people, keyOf).values()].map(([first]) => first!);
  const rows = each
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .map((person) => ({ id: uuidv7(), ...person }));
  return tx.query(sql`
    insert into campaign_member (organization_id, id, campaign_id, lead_id, contact_id, status, responded_at, created_at)
    select ${tx.tenant.organizationId}::uuid, r.id, ${campaignId}::uuid, r."leadId", r."contactId", r.status,
      r."respondedAt", ${at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (id uuid, "leadId" uuid, "contactId" uuid, status text, "respondedAt" timestamptz(3))
    on conflict do nothing
    returning id, lead_id as "leadId", contact_id as "contactId", status, responded_at as "respondedAt"`);
}

/** The memberships of people in a campaign, by the lead's or contact's id. */
async function membersOf(
  tx: Transaction,
  campaignId: string,
  people: Person[],
): Promise<Map<string, string>> {
  const ids = people.map(keyOf);
  const rows = await tx.query<{ id: string; person: string }>(sql`
    select id, coalesce(lead_id, contact_id) as person from campaign_member
    where organization_id = ${tx.tenant.organizationId} and campaign_id = ${campaignId}
      and (lead_id = any(${ids}::uuid[]) or contact_id = any(${ids}::uuid[]))`);
  return new Map(rows.map(({ id, person }) => [person, id]));
}

/** A membership with its person held, as people are locked before what they have. */
async function heldMember(tx: Transaction, member: string): Promise<CampaignMemberEntity> {
  const id = decodeIdOrRefuse('CampaignMember', member, 'member');
  const { organizationId } = tx.tenant;
  for (;;) {
    const [known] = await tx.query<Person>(sql`
      select lead_id as "leadId", contact_id as "contactId" from campaign_member
      where organization_id = ${organizationId} and id = ${id}`);
    if (!known) throw notFound('member', 'There is no such membership');
    if (known.leadId !== null) await heldLeads(tx, [known.leadId]);
    else await heldContacts(tx, [known.contactId!]);
    const locked = await tx.em.findOne(
      CampaignMemberEntity,
      { organizationId, id },
      { ...forUpdate, refresh: true },
    );
    // it may have been moved to a contact, or put together with another one, while the person was waited for
    if (locked && keyOf(locked as Person) === keyOf(known)) return locked;
  }
}

/** Changes how a person stands in a campaign. Returns the membership's UUID. */
export function updateCampaignMember(
  tx: Transaction,
  principal: Principal,
  input: UpdateCampaignMemberInput,
): Promise<string> {
  requireRight(principal, 'campaign:write');
  return once(tx, principal, 'updateCampaignMember', input.idempotencyKey, input, async () => {
    const given = readFields(input, memberFields);
    const member = await heldMember(tx, input.member);
    const before = { status: member.status ?? null, respondedAt: member.respondedAt ?? null };
    const after = { ...before, ...given };
    const { id, campaignId } = member;
    if (after.status === before.status && +(after.respondedAt ?? 0) === +(before.respondedAt ?? 0)) return id;
    Object.assign(member, after);
    const change = { recordType: 'CampaignMember', recordId: id, action: 'updateCampaignMember' };
    record(tx, principal, { ...change, before, after, at: new Date() }, { campaignId });
    return id;
  });
}

/** Takes a person out of a campaign: the touch never was. Returns the campaign's UUID. */
export function removeCampaignMember(
  tx: Transaction,
  principal: Principal,
  input: RemoveCampaignMemberInput,
): Promise<string> {
  requireRight(principal, 'campaign:write');
  return once(tx, principal, 'removeCampaignMember', input.idempotencyKey, input, async () => {
    const member = await heldMember(tx, input.member);
    const { id, campaignId, leadId, contactId, status, respondedAt, externalId, createdAt } = member;
    const at = new Date();
    tx.em.remove(member);
    await rememberRemoved(tx, 'CampaignMember', externalId, at);
    const before = { campaignId, leadId, contactId, status, respondedAt, externalId, createdAt };
    const change = { recordType: 'CampaignMember', recordId: id, action: 'removeCampaignMember' };
    record(tx, principal, { ...change, before, at }, { campaignId });
    return campaignId;
  });
}
