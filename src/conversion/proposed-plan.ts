import { accountsByIds } from '../accounts/account.queries.ts';
import { contactsByIds } from '../contacts/contact.queries.ts';
import type { Context } from '../graphql/context.ts';
import { parseId } from '../graphql/ids.ts';
import { loadById } from '../graphql/load.ts';
import type { DuplicateCandidateData } from '../graphql/user-error.ts';
import { opportunitiesByIds } from '../opportunities/opportunity.queries.ts';
import type { CandidateSummary } from './plan-summary.ts';
import { sealPlan } from './plan-token.ts';
import type { ConversionProposal } from './proposal.type.ts';
import type { LeadConversionPlan } from './preview.type.ts';

const uuidOf = (record: string | null | undefined): string | null =>
  record ? (parseId(record)?.uuid ?? null) : null;

const loadAccount = (context: Context, record: string | null) =>
  loadById(context, 'Account', accountsByIds, uuidOf(record));
const loadContact = (context: Context, record: string | null) =>
  loadById(context, 'Contact', contactsByIds, uuidOf(record));

/** The candidates that are still there: of the others there is nothing to show. */
async function standing(
  kind: DuplicateCandidateData['kind'],
  candidates: CandidateSummary[],
  load: (record: string) => Promise<object | null> | null,
): Promise<DuplicateCandidateData[]> {
  const records = await Promise.all(candidates.map(({ record }) => load(record)));
  return candidates
    .filter((_, index) => records[index] !== null)
    .map(({ record, ...rest }) => ({ kind, id: uuidOf(record)!, ...rest }));
}

/** A plan that was kept, with its records as they are now. */
export async function shownPlan(context: Context, proposal: ConversionProposal): Promise<LeadConversionPlan> {
  const { plan, input, planState: state, proposedAt } = proposal;
  const { account, contact, opportunity, candidates } = plan;
  const [ofAccount, ofContact, ofOpportunity, accountCandidates, contactCandidates] = await Promise.all([
    loadAccount(context, account.record),
    loadContact(context, contact.record),
    loadById(context, 'Opportunity', opportunitiesByIds, uuidOf(opportunity?.record)),
    standing('Account', candidates.account, (record) => loadAccount(context, record)),
    standing('Contact', candidates.contact, (record) => loadContact(context, record)),
  ]);
  return {
    planToken: await sealPlan(
      context.tokenSecret,
      context.organization.id,
      { input, state, isProposed: true },
      new Date(proposedAt),
    ),
    accountOutcome: account.outcome,
    account: ofAccount,
    contactOutcome: contact.outcome,
    contact: ofContact,
    opportunityOutcome: opportunity?.outcome ?? null,
    opportunity: ofOpportunity,
    fields: plan.fields,
    accountCandidates,
    contactCandidates,
  };
}
