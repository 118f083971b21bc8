import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { rememberRemoved } from '../database/removed-import.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import { invalidInput, notFound, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import type { Principal } from '../identity/principal.ts';
import { requireRight } from '../identity/rights.ts';
import { foundContact, type HeldContact, heldContacts } from '../leads/held-people.ts';
import type {
  AddOpportunityContactInput,
  RemoveOpportunityContactInput,
  UpdateOpportunityContactInput,
} from './contact-role.inputs.ts';
import { lockedOpportunity } from './locked-opportunity.ts';
import { OpportunityContactRoleEntity, type OpportunityEntity } from './opportunity.entity.ts';

type Input = AddOpportunityContactInput | UpdateOpportunityContactInput | RemoveOpportunityContactInput;

interface Deal {
  opportunity: OpportunityEntity;
  contact: HeldContact;
  /** Of everybody in the deal, who came first first. */
  roles: OpportunityContactRoleEntity[];
  /** The contact's own. */
  own: OpportunityContactRoleEntity | undefined;
}

/** The deal and the person, locked in the order all locks have: who has a part in a deal changes under its lock. */
async function lockedDeal(tx: Transaction, { opportunity: deal, contact: person }: Input): Promise<Deal> {
  const id = decodeIdOrRefuse('Opportunity', deal, 'opportunity');
  const contactId = decodeIdOrRefuse('Contact', person, 'contact');
  const contact = foundContact(await heldContacts(tx, [contactId]), contactId, ['contact']);
  const opportunity = await lockedOpportunity(tx, id);
  const roles = await tx.em.find(
    OpportunityContactRoleEntity,
    { organizationId: tx.tenant.organizationId, opportunityId: id },
    { orderBy: { createdAt: 'asc', id: 'asc' } },
  );
  return { opportunity, contact, roles, own: roles.find((role) => role.contactId === contact.id) };
}

/** The contact's role, of a deal that has it. */
function ownRole({ own }: Deal): OpportunityContactRoleEntity {
  if (!own) throw notFound('contact', 'The contact has no part in the deal');
  return own;
}

const told = ({ contactId, role, isPrimary }: OpportunityContactRoleEntity) => ({
  contactId,
  role: role ?? null,
  isPrimary: isPrimary ?? false,
});

/** Takes the place of the main contact. Written at once: a deal never has two. */
async function makePrimary(tx: Transaction, deal: Deal, role: OpportunityContactRoleEntity): Promise<void> {
  for (const other of deal.roles) if (other !== role && other.isPrimary) other.isPrimary = false;
  await tx.em.flush();
  role.isPrimary = true;
  await tx.em.flush();
}

function journal(
  tx: Transaction,
  principal: Principal,
  action: string,
  { opportunity, contact }: Deal,
  change: { before?: object; after?: object },
): string {
  const { id } = opportunity;
  const at = new Date();
  const entry = { recordType: 'Opportunity', recordId: id, action, ...change, at };
  record(tx, principal, entry, { contactId: contact.id });
  return id;
}

/** Gives a person at the deal's account a part in it, once. Returns the opportunity's UUID. */
export function addOpportunityContact(
  tx: Transaction,
  principal: Principal,
  input: AddOpportunityContactInput,
): Promise<string> {
  requireRight(principal, 'opportunity:write');
  const action = 'addOpportunityContact';
  return once(tx, principal, action, input.idempotencyKey, input, async () => {
    const deal = await lockedDeal(tx, input);
    const { opportunity, contact, roles, own } = deal;
    const role = input.role ?? undefined;
    if (own) return change(tx, principal, action, deal, { role, isPrimary: input.isPrimary || undefined });
    if (contact.accountId !== (opportunity.accountId ?? null))
      throw new Refusal({
        code: UserErrorCode.CONTACT_NOT_IN_ACCOUNT,
        message: "The contact is not at the deal's account",
        path: ['contact'],
      });
    const added = tx.em.create(OpportunityContactRoleEntity, {
      ...{ organizationId: tx.tenant.organizationId, id: uuidv7(), opportunityId: opportunity.id },
      ...{ contactId: contact.id, role: role ?? null, isPrimary: false, createdAt: new Date() },
    });
    if (input.isPrimary ?? !roles.some(({ isPrimary }) => isPrimary)) await makePrimary(tx, deal, added);
    return journal(tx, principal, action, deal, { after: told(added) });
  });
}

/** Changes a person's part in a deal. Returns the opportunity's UUID. */
export function updateOpportunityContact(
  tx: Transaction,
  principal: Principal,
  input: UpdateOpportunityContactInput,
): Promise<string> {
  requireRight(principal, 'opportunity:write');
  const action = 'updateOpportunityContact';
  return once(tx, principal, action, input.idempotencyKey, input, async () => {
    const deal = await lockedDeal(tx, input);
    const { isPrimary, role } = input;
    if (isPrimary === null) throw invalidInput('isPrimary', 'isPrimary must have a value');
    if (ownRole(deal).isPrimary && isPrimary === false)
      throw invalidInput('isPrimary', 'A deal keeps its main contact until another one is made it');
    return change(tx, principal, action, deal, { role, isPrimary });
  });
}

/** Sets what is given. */
async function change(
  tx: Transaction,
  principal: Principal,
  action: string,
  deal: Deal,
  { role, isPrimary }: Pick<UpdateOpportunityContactInput, 'role' | 'isPrimary'>,
): Promise<string> {
  const own = ownRole(deal);
  const before = told(own);
  if (role !== undefined) own.role = role;
  if (isPrimary && !own.isPrimary) await makePrimary(tx, deal, own);
  const after = told(own);
  if (after.role === before.role && after.isPrimary === before.isPrimary) return deal.opportunity.id;
  return journal(tx, principal, action, deal, { before, after });
}

/** Ends a person's part in a deal; of the others, who came first becomes the main contact. Returns the opportunity's UUID. */
export function removeOpportunityContact(
  tx: Transaction,
  principal: Principal,
  input: RemoveOpportunityContactInput,
): Promise<string> {
  requireRight(principal, 'opportunity:write');
  const action = 'removeOpportunityContact';
  return once(tx, principal, action, input.idempotencyKey, input, async () => {
    const deal = await lockedDeal(tx, input);
    const own = ownRole(deal);
    const before = told(own);
    const heir = before.isPrimary ? deal.roles.find((role) => role !== own) : undefined;
    await rememberRemoved(tx, 'OpportunityContactRole', own.externalId, new Date());
    tx.em.remove(own);
    await tx.em.flush();
    if (heir) heir.isPrimary = true;
    return journal(tx, principal, action, deal, {
      before,
      ...(heir && { after: { primary: heir.contactId } }),
    });
  });
}
