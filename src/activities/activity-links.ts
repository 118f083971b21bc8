import sql from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { decodeIdOrRefuse, type NodeType } from '../graphql/ids.ts';
import { invalidInput, notFound, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import {
  foundContact,
  foundLead,
  type HeldContact,
  heldContacts,
  type HeldLead,
} from '../leads/held-people.ts';
import { survivorOf } from '../merging/survivor.queries.ts';
import type { ActivityFields } from './activity.inputs.ts';

/** What an activity belongs to, as its columns. */
export interface ActivityLinks {
  leadId: string | null;
  contactId: string | null;
  accountId: string | null;
  opportunityId: string | null;
}

const LINKS = { lead: 'Lead', contact: 'Contact', account: 'Account', opportunity: 'Opportunity' } as const;
type Link = keyof typeof LINKS;

/** UUIDs of the records an input names. */
export type NamedLinks = Record<Link, string | null>;

/** What an input names; null when it says nothing of any of them. */
export function namedLinks(input: ActivityFields): NamedLinks | null {
  const given = Object.entries(LINKS) as [Link, NodeType][];
  if (given.every(([link]) => input[link] === undefined)) return null;
  const named = Object.fromEntries(
    given.map(([link, type]) => [
      link,
      input[link] == null ? null : decodeIdOrRefuse(type, input[link], link),
    ]),
  ) as NamedLinks;
  if (Object.values(named).every((id) => id === null))
    throw invalidInput(
      'contact',
      'An activity is with a lead or a contact, at an account or about a deal: name one of them',
    );
  if (named.lead && named.contact)
    throw invalidInput('contact', 'An activity is with a lead or with a contact, not with both');
  return named;
}

interface Deal {
  id: string;
  accountId: string | null;
}

/**
 * The records as the columns of an activity, each kept from being removed, merged or converted until the transaction
 * ends. The leads are locked before; here come accounts, contact and deal, in the order all locks have.
 */
export async function heldLinks(
  tx: Transaction,
  named: NamedLinks,
  leads: ReadonlyMap<string, HeldLead>,
): Promise<ActivityLinks> {
  const lead = named.lead === null ? null : foundLead(leads, named.lead, ['lead']);
  const contactId = named.contact ?? lead?.contactId ?? null;
  const accounts = await heldAccounts(tx, named, contactId);
  const contact =
    contactId === null
      ? null
      : foundContact(await heldContacts(tx, [contactId]), contactId, [lead ? 'lead' : 'contact']);
  const deal = await heldDeal(tx, named.opportunity);
  await holdLate(tx, accounts.held, [contact?.accountId, deal?.accountId]);
  const accountId = await accountOf(tx, accounts.named, contact, deal, lead ? 'lead' : 'contact');
  return {
    leadId: lead && !lead.isConverted ? lead.id : null,
    contactId: contact?.id ?? null,
    accountId,
    opportunityId: deal?.id ?? null,
  };
}

/** The account an input names, the contact's and the deal's, as far as these are known before their own locks. */
async function heldAccounts(
  tx: Transaction,
  { account, opportunity }: NamedLinks,
  contactId: string | null,
): Promise<{ named: string | null; held: Set<string> }> {
  const { organizationId } = tx.tenant;
  const named = account && ((await survivorOf(tx, organizationId, 'account', account)) ?? account);
  const rows = await tx.query<{ id: string }>(sql`
    select id from account
    where organization_id = ${organizationId} and deleted_at is null and (
      id = ${named}::uuid
      or id = (select account_id from contact where organization_id = ${organizationId} and id = ${contactId}::uuid)
      or id = (select account_id from opportunity where organization_id = ${organizationId} and id = ${opportunity}::uuid))
    order by id for share`);
  const held = new Set(rows.map(({ id }) => id));
  if (named && !held.has(named)) throw notFound('account', 'There is no such account');
  return { named, held };
}

async function heldDeal(tx: Transaction, id: string | null): Promise<Deal | null> {
  if (id === null) return null;
  const [deal] = await tx.query<Deal>(sql`
    select id, account_id as "accountId" from opportunity
    where organization_id = ${tx.tenant.organizationId} and id = ${id} and deleted_at is null for share`);
  if (!deal) throw notFound('opportunity', 'There is no such opportunity');
  return deal;
}

/** Where the contact or the deal went to another account while its lock was waited for; a deadlock is tried again. */
async function holdLate(
  tx: Transaction,
  held: ReadonlySet<string>,
  ids: (string | null | undefined)[],
): Promise<void> {
  const late = ids.filter((id) => id != null && !held.has(id));
  if (late.length > 0)
    await tx.query(sql`
      select id from account
      where organization_id = ${tx.tenant.organizationId} and id = any(${late}::uuid[]) order by id for share`);
}

/** The deal's account, else the one named, else the contact's; the contact works there, or has a part in the deal. */
async function accountOf(
  tx: Transaction,
  named: string | null,
  contact: HeldContact | null,
  deal: Deal | null,
  person: 'lead' | 'contact',
): Promise<string | null> {
  if (deal && named && deal.accountId !== named)
    throw new Refusal({
      code: UserErrorCode.OPPORTUNITY_NOT_IN_ACCOUNT,
      message: 'The deal is with another account',
      path: ['opportunity'],
    });
  const accountId = deal?.accountId ?? named ?? contact?.accountId ?? null;
  if (contact && contact.accountId !== accountId && !(deal && (await hasRole(tx, deal, contact))))
    throw new Refusal({
      code: UserErrorCode.CONTACT_NOT_IN_ACCOUNT,
      message: 'The contact is at another account',
      path: [person],
    });
  return accountId;
}

async function hasRole(tx: Transaction, deal: Deal, contact: HeldContact): Promise<boolean> {
  const roles = await tx.query(sql`
    select id from opportunity_contact_role
    where organization_id = ${tx.tenant.organizationId} and opportunity_id = ${deal.id} and contact_id = ${contact.id}`);
  return roles.length > 0;
}
