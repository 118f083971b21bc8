import { companyMatchKey, leadDomain } from '../accounts/company.ts';
import { personName } from '../contacts/contact.keys.ts';
import { textKey, textKeyOrNull } from '../database/text-key.ts';

/** The columns derived from others; every write of a lead goes through here. */
export function leadKeys(lead: {
  firstName?: string | null;
  lastName: string;
  company?: string | null;
  email?: string | null;
  website?: string | null;
  source?: string | null;
}) {
  return {
    nameKey: textKey(personName(lead)),
    companyKey: textKeyOrNull(lead.company),
    matchKey: (lead.company && companyMatchKey(lead.company)) || null,
    emailKey: textKeyOrNull(lead.email),
    domain: leadDomain(lead),
    sourceKey: textKeyOrNull(lead.source),
  };
}
