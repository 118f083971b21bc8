import { referencedAccount } from '../accounts/account-reference.ts';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { applyChanges } from '../database/versioned-update.ts';
import { invalidInput } from '../graphql/user-error.ts';
import type { Principal } from '../identity/principal.ts';
import { requireRight } from '../identity/rights.ts';
import type { MatchLeadInput } from './account-match.inputs.ts';
import { MatchMethod } from './lead.enums.ts';
import { matchLeads } from './lead-matching.ts';
import { lockedLead } from './locked-lead.ts';

const UNMATCHED = { matchedAccountId: null, matchMethod: MatchMethod.NONE, matchScore: 0 };

/** Says which account a lead belongs to, against the matching, or leaves it to the matching again. Returns the lead's UUID. */
export function matchLead(tx: Transaction, principal: Principal, input: MatchLeadInput): Promise<string> {
  requireRight(principal, 'lead:write');
  return once(tx, principal, 'matchLead', input.idempotencyKey, input, async () => {
    if (input.account === undefined)
      throw invalidInput('account', 'account must be given: an account, or null to have it found');
    const lead = await lockedLead(tx, input);
    // after the lead, as a conversion does
    const accountId = await referencedAccount(tx, input.account, 'account');
    const isByHand = lead.matchMethod === MatchMethod.MANUAL;
    const chosen = { matchedAccountId: accountId, matchMethod: MatchMethod.MANUAL, matchScore: 1 };
    // without a choice to take back it is only matched anew, which is no change of the lead
    const changes = applyChanges(lead, accountId ? chosen : isByHand ? UNMATCHED : {});
    if (changes)
      record(tx, principal, { recordType: 'Lead', recordId: lead.id, action: 'matchLead', ...changes });
    if (!accountId) await matchLeads(tx, [lead.id]);
    return lead.id;
  });
}
