import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { applyChanges, changeTime } from '../database/versioned-update.ts';
import { invalidInput } from '../graphql/user-error.ts';
import { endHandoffByChange } from '../handoffs/pending-handoff.ts';
import type { Principal } from '../identity/principal.ts';
import { leadOwnerOf } from '../identity/record-owner.ts';
import { requireRight } from '../identity/rights.ts';
import type { AssignLeadInput } from './lead-assignment.inputs.ts';
import { lockedLead } from './locked-lead.ts';

/** Gives a lead to a person, to a queue or to nobody. Returns the lead's UUID. */
export function assignLead(tx: Transaction, principal: Principal, input: AssignLeadInput): Promise<string> {
  requireRight(principal, 'lead:write');
  return once(tx, principal, 'assignLead', input.idempotencyKey, input, async () => {
    if (input.owner === undefined)
      throw invalidInput('owner', 'owner must be given: a user, a queue, or null for nobody');
    const lead = await lockedLead(tx, input);
    const owner = await leadOwnerOf(tx, input.owner);
    const at = changeTime(lead);
    const settled = await endHandoffByChange(tx, principal, lead, { owner }, at);
    const changes = applyChanges(lead, { ...owner, ...settled }, at);
    if (!changes) return lead.id;
    record(tx, principal, { recordType: 'Lead', recordId: lead.id, action: 'assignLead', ...changes });
    return lead.id;
  });
}
