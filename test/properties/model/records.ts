/** What the rules of conversion speak of, as plain records: no database, no service. Ids are any texts. */

export type Id = string;
export type Value = string | number | bigint | boolean | null;

/** A custom field of a record is a property of it: `custom.region`. One without a value is not there. */
export type CustomValues = { [field: `custom.${string}`]: Value };

export interface Address {
  street: string | null;
  city: string | null;
  state: string | null;
  postalCode: string | null;
  country: string | null;
}

interface Tracked {
  id: Id;
  ownerId: Id | null;
  updatedAt: number;
  isDeleted: boolean;
}

export interface Company extends Address {
  website: string | null;
  domain: string | null;
  industry: string | null;
  employees: number | null;
  annualRevenue: bigint | null;
  annualRevenueCurrency: string | null;
  phone: string | null;
  rating: string | null;
}

export interface Person extends Address {
  firstName: string | null;
  lastName: string;
  title: string | null;
  email: string | null;
  phone: string | null;
  mobile: string | null;
  source: string | null;
  description: string | null;
  doNotCall: boolean;
  emailOptOut: boolean;
}

export interface Lead extends Tracked, Company, Person, CustomValues {
  company: string | null;
  queueId: Id | null;
  campaignId: Id | null;
  statusId: Id;
  isConverted: boolean;
  version: number;
  /** The account a person chose for it. */
  chosenAccountId: Id | null;
}

export interface Account extends Tracked, Company, CustomValues {
  name: string;
}

export interface Contact extends Tracked, Person, CustomValues {
  accountId: Id | null;
}

export interface Opportunity extends Tracked, CustomValues {
  accountId: Id | null;
  name: string;
  stageId: Id;
  amount: bigint | null;
  currency: string;
  probability: number;
  forecastCategory: string;
  closeDate: string;
  isClosed: boolean;
  source: string | null;
  campaignId: Id | null;
}

/** A contact's part in a deal. */
export interface Part {
  opportunityId: Id;
  contactId: Id;
  role: string | null;
  isPrimary: boolean;
}

export interface Activity {
  id: Id;
  isOpen: boolean;
  leadId: Id | null;
  accountId: Id | null;
  contactId: Id | null;
  opportunityId: Id | null;
  ownerId: Id | null;
}

export interface Membership {
  campaignId: Id;
  leadId: Id | null;
  contactId: Id | null;
  respondedAt: number | null;
}

export interface Stage {
  id: Id;
  name: string;
  position: number;
  probability: number;
  forecastCategory: string;
  isClosed: boolean;
}

export interface Status {
  id: Id;
  name: string;
  position: number;
  isConverted: boolean;
}

/** Where a field of what a lead becomes gets its value from: the first of these fields of the lead that has one. */
export interface Mapping {
  target: Target;
  field: string;
  sources: string[];
  policy: MergePolicy;
}

export type Policy = 'BLOCK' | 'WARN' | 'ALLOW';

export interface Settings {
  currency: string;
  timeZone: string;
  fiscalYearStartMonth: number;
  duplicatePolicy: Policy;
  similarPolicy: Policy;
  stages: Stage[];
  statuses: Status[];
  /** What the organisation says instead of the standard mapping; null: nothing. */
  mappings: Mapping[] | null;
  /** Keys of its custom fields, the same for every kind of record; those of numbers are kept as texts. */
  customKeys: string[];
  /** Active people only: who may own records. */
  activeUsers: Id[];
}

/** Everything of one organisation. */
export interface Organisation {
  settings: Settings;
  leads: Lead[];
  accounts: Account[];
  contacts: Contact[];
  opportunities: Opportunity[];
  parts: Part[];
  activities: Activity[];
  memberships: Membership[];
}

export type Target = 'ACCOUNT' | 'CONTACT' | 'OPPORTUNITY';
export type MergePolicy = 'FILL_EMPTY' | 'OVERWRITE' | 'KEEP' | 'NEWEST';

/** Custom fields by key; null leaves one empty. */
interface Draft {
  customFields?: Record<string, Value>;
}

export interface AccountDraft extends Draft {
  name?: string;
  domain?: string;
  industry?: string;
  employees?: number;
}

export interface ContactDraft extends Draft {
  firstName?: string;
  lastName?: string;
  title?: string;
  email?: string;
  phone?: string;
}

export interface OpportunityDraft extends Draft {
  name?: string;
  amount?: { minor: bigint; currency: string };
  closeDate?: string;
  stage?: string;
  role?: string;
}

type Choice<Draft> = { create: Draft } | { existing: Id } | { matchOrCreate: boolean };

/** What is asked for: `ConvertLeadInput` with ids as the records have them. */
export interface Wish {
  lead: Id;
  account?: Choice<AccountDraft>;
  contact?: Choice<ContactDraft>;
  opportunity?: { create: OpportunityDraft } | { existing: { id: Id; role?: string } } | { none: boolean };
  owner?: Id;
  convertedStatus?: string;
  ifVersion?: number;
  allowDuplicate?: boolean;
  overwriteLeadSource?: boolean;
  mergePolicy?: { target: Target; field: string; policy: MergePolicy }[];
}

export type RoleName = 'ADMIN' | 'SDR' | 'AE' | 'MARKETER' | 'ANALYST' | 'SERVICE';

/** Who asks. */
export interface Asker {
  userId: Id | null;
  role: RoleName;
}

export interface Fault {
  code: string;
  /** Joined by dots; empty: of no one field. */
  path: string;
  candidates?: Id[];
}

export type Outcome = 'CREATED' | 'MERGED' | 'ATTACHED';

export interface PlannedField {
  target: Target;
  field: string;
  source: Value;
  /** The lead's field that gave it. */
  sourceField: string | null;
  /** Fields of the lead that would have given another value, had this one been empty. */
  otherSources: string[];
  current: Value;
  next: Value;
  /** Does the input give `next`? */
  isGiven: boolean;
  outcome: 'FILLED' | 'KEPT' | 'OVERWRITTEN' | 'DROPPED';
}

/** Ids of what a conversion makes, before they are known. */
export const NEW = { ACCOUNT: 'the new account', CONTACT: 'the new contact', OPPORTUNITY: 'the new deal' };

export interface Prediction {
  accountId: Id;
  contactId: Id;
  opportunityId: Id | null;
  outcomes: { account: Outcome; contact: Outcome; opportunity: Outcome | null };
  fields: PlannedField[];
  /** Remarks: similar or equal records that were created all the same. */
  warnings: Fault[];
  after: Organisation;
}
