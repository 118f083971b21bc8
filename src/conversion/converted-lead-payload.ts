import { accountsByIds } from '../accounts/account.queries.ts';
import { contactsByIds } from '../contacts/contact.queries.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { UserErrorCode, type UserErrorData } from '../graphql/user-error.ts';
import { leadsByIds } from '../leads/lead.queries.ts';
import { opportunitiesByIds } from '../opportunities/opportunity.queries.ts';
import type { ConvertLeadPayload } from './conversion.payload.ts';
import { conversionsByIds } from './conversion.queries.ts';
import type { ConvertedLead } from './conversion.service.ts';
import type { LeadConversion } from './conversion.type.ts';

/** What a conversion made, as it is now; of several in one operation with one SQL for each type. */
export async function convertLeadPayload(
  context: Context,
  result: ConvertedLead | null,
  userErrors: UserErrorData[],
): Promise<ConvertLeadPayload> {
  const [conversion, lead, account, contact, opportunity] = await Promise.all([
    loadById(context, 'LeadConversion', conversionsByIds, result?.conversionId ?? null),
    loadById(context, 'Lead', leadsByIds, result?.leadId ?? null),
    loadById(context, 'Account', accountsByIds, result?.accountId ?? null),
    loadById(context, 'Contact', contactsByIds, result?.contactId ?? null),
    loadById(context, 'Opportunity', opportunitiesByIds, result?.opportunityId ?? null),
  ]);
  const warnings = [...undoneSince(conversion), ...(result?.warnings ?? [])];
  return { conversion, lead, account, contact, opportunity, warnings, userErrors };
}

/** A repeated key answers with its conversion even when that was undone since: nothing was converted by this call. */
function undoneSince(conversion: LeadConversion | null): UserErrorData[] {
  if (!conversion?.revertedAt) return [];
  return [
    {
      code: UserErrorCode.ALREADY_REVERTED,
      message: `The conversion was undone at ${conversion.revertedAt}, and this call converted nothing: the lead can be converted again with a new idempotencyKey`,
      path: ['idempotencyKey'],
    },
  ];
}
