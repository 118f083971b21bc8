import { accountsByIds } from '../accounts/account.queries.ts';
import { contactsByIds } from '../contacts/contact.queries.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import type { UserErrorData } from '../graphql/user-error.ts';
import { leadsByIds } from '../leads/lead.queries.ts';
import { opportunitiesByIds } from '../opportunities/opportunity.queries.ts';
import type { ConvertLeadPayload } from './conversion.payload.ts';
import { conversionsByIds } from './conversion.queries.ts';
import type { ConvertedLead } from './conversion.service.ts';

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
  return { conversion, lead, account, contact, opportunity, warnings: result?.warnings ?? [], userErrors };
}
