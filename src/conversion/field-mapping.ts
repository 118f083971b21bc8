import type { AccountEntity } from '../accounts/account.entity.ts';
import type { ContactEntity } from '../contacts/contact.entity.ts';
import type { LeadEntity } from '../leads/lead.entity.ts';
import type { OpportunityEntity } from '../opportunities/opportunity.entity.ts';

/**
 * Fields of one thing. A target keeps its own when it has any that differs from the lead's: half of one address and half
 * of another, or one person's first name with another's last name, would be nobody's.
 */
export type Whole = 'address' | 'name';

export interface FieldMapping<Target> {
  /** The target's column, and its field in the API unless `field` says otherwise. */
  to: keyof Target & string;
  from: keyof LeadEntity;
  field?: string;
  whole?: Whole;
  /** A wish to be left alone: taken over, never taken back. */
  isOptOut?: true;
}

const same = <Name extends string>(...names: Name[]) => names.map((name) => ({ to: name, from: name }));
const address = same('street', 'city', 'state', 'postalCode', 'country').map((mapping) => ({
  ...mapping,
  whole: 'address' as const,
}));

/** What of a lead goes where. Fields that are not here stay on the lead, which a conversion keeps. */
export const ACCOUNT_FIELDS: FieldMapping<AccountEntity>[] = [
  { to: 'name', from: 'company' },
  ...same('domain', 'website', 'industry', 'employees', 'annualRevenue', 'phone'),
  ...address,
  ...same('rating'),
];

export const CONTACT_FIELDS: FieldMapping<ContactEntity>[] = [
  { to: 'lastName', from: 'lastName', whole: 'name' },
  { to: 'firstName', from: 'firstName', whole: 'name' },
  ...same('title', 'email', 'phone', 'mobile'),
  ...address,
  ...same('source', 'description'),
  { to: 'doNotCall', from: 'doNotCall', isOptOut: true },
  { to: 'emailOptOut', from: 'emailOptOut', isOptOut: true },
];

export const OPPORTUNITY_FIELDS: FieldMapping<OpportunityEntity>[] = [
  ...same('source'),
  { to: 'campaignId', from: 'campaignId', field: 'campaign' },
];
