/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A new account: what is given here replaces what the lead says; an empty text leaves the field empty. */
export type AccountDraft = {
  /** Custom fields by key, as in `customFields` of the record; null leaves one empty. Omitted: as the field mapping says. */
  customFields?: unknown;
  /** Domain: `acme.com`. Omitted: of the lead's website, else of its e-mail address. */
  domain?: string | null | undefined;
  /** Number of employees. Omitted: the lead's. */
  employees?: number | null | undefined;
  /** Industry. Omitted: the lead's. */
  industry?: string | null | undefined;
  /** Name. Omitted: the lead's company. */
  name?: string | null | undefined;
};

/** The account a lead becomes or joins: exactly one of these. */
export type AccountTarget =
  {   /** A new account. */
  create: AccountDraft; existing?: never; matchOrCreate?: never; }
  |  { create?: never;   /** This account; only its empty fields are filled from the lead. */
  existing: string | number; matchOrCreate?: never; }
  |  { create?: never; existing?: never;   /** The account a person matched the lead to, else the one with the lead's domain or company name, else a new one. Only `true` makes sense. */
  matchOrCreate: boolean; };

/** Who acted. */
export type ActorKind =
  /** A person. */
  | 'PERSON'
  /** A program with a service token. */
  | 'SERVICE';

/** The part a person plays in a purchase. */
export type BuyingRole =
  /** Is against it. */
  | 'BLOCKER'
  /** Wants us to win and says so inside. */
  | 'CHAMPION'
  /** Decides. */
  | 'DECISION_MAKER'
  /** Holds the budget. */
  | 'ECONOMIC_BUYER'
  /** Is listened to. */
  | 'INFLUENCER'
  /** Any other part. */
  | 'OTHER'
  /** Judges whether it works for them. */
  | 'TECHNICAL_BUYER'
  /** Will work with it. */
  | 'USER';

/** The window that `comparison` is about. */
export type Comparison =
  /** The same a year before; of a week, 52 weeks before. */
  | 'LAST_YEAR'
  /** The one before: of a named period the period before, of dates as many days before. */
  | 'PREVIOUS';

/** A new contact: what is given here replaces what the lead says; an empty text leaves the field empty. */
export type ContactDraft = {
  /** Custom fields by key, as in `customFields` of the record; null leaves one empty. Omitted: as the field mapping says. */
  customFields?: unknown;
  /** E-mail address. Omitted: the lead's. */
  email?: string | null | undefined;
  /** First name. Omitted: the lead's. */
  firstName?: string | null | undefined;
  /** Last name. Omitted: the lead's. */
  lastName?: string | null | undefined;
  /** Telephone number. Omitted: the lead's. */
  phone?: string | null | undefined;
  /** Job title. Omitted: the lead's. */
  title?: string | null | undefined;
};

/** The contact a lead becomes or joins: exactly one of these. */
export type ContactTarget =
  {   /** A new contact. */
  create: ContactDraft; existing?: never; matchOrCreate?: never; }
  |  { create?: never;   /** This contact of the account; only its empty fields are filled from the lead. */
  existing: string | number; matchOrCreate?: never; }
  |  { create?: never; existing?: never;   /** The contact at the account with the lead's e-mail address, else a new one. Only `true` makes sense. */
  matchOrCreate: boolean; };

/** Which conversions. All conditions given must hold. */
export type ConversionFilter = {
  /** By how it came by the account. */
  accountOutcome?: ConversionOutcome | null | undefined;
  /** By who sells: `LeadConversion.ae`. */
  ae?: IdFilter | null | undefined;
  /** By how it came by the contact. */
  contactOutcome?: ConversionOutcome | null | undefined;
  /** By time of conversion. */
  convertedAt?: DateTimeFilter | null | undefined;
  /** By the person who converted. */
  convertedBy?: IdFilter | null | undefined;
  /** Undone ones only (true) or standing ones (false). */
  isReverted?: boolean | null | undefined;
  /** By how it came by the opportunity; those without one match none. */
  opportunityOutcome?: ConversionOutcome | null | undefined;
  /** By who fed the lead: `LeadConversion.sdr`. */
  sdr?: IdFilter | null | undefined;
  /** By the lead's source. */
  source?: StringFilter | null | undefined;
};

/** How a conversion came by its account, contact or opportunity. */
export type ConversionOutcome =
  /** The record existed, and nothing of it was written. */
  | 'ATTACHED'
  /** The conversion created the record. */
  | 'CREATED'
  /** The record existed, and at least one of its fields was written. */
  | 'MERGED';

/** The record a field of a lead went into. */
export type ConversionTarget =
  /** The account. */
  | 'ACCOUNT'
  /** The contact. */
  | 'CONTACT'
  /** The opportunity. */
  | 'OPPORTUNITY';

/** A lead, and what it is to become. With nothing but the lead, every part has a default. */
export type ConvertLeadInput = {
  /** The account. Omitted: `matchOrCreate`. */
  account?: AccountTarget | null | undefined;
  /** Create records even where they seem to exist (see DUPLICATE_FOUND). `matchOrCreate` joins an exact match all the same, and of several none: use `create` then. Omitted: false. */
  allowDuplicate?: boolean | null | undefined;
  /** The contact. Omitted: `matchOrCreate`. */
  contact?: ContactTarget | null | undefined;
  /** The lead's status afterwards, by its name. Omitted: the first status flagged converted. */
  convertedStatus?: string | null | undefined;
  /** Chosen by the client, 1 to 255 characters: the same key and input again do nothing and answer the same. Each organisation, mutation and caller (a person with any of their tokens; a program by its token) has keys of its own. */
  idempotencyKey?: string | null | undefined;
  /** The lead's version the decision was made on; STALE_VERSION when it has changed since. */
  ifVersion?: number | null | undefined;
  /** The lead. */
  lead: string | number;
  /** Policies for fields of existing records, one each. Others have the policy of the organisation's mapping: FILL_EMPTY, if it says nothing. */
  mergePolicy?: Array<FieldMergePolicy> | null | undefined;
  /** The opportunity. Omitted: `create`. */
  opportunity?: OpportunityTarget | null | undefined;
  /** Replace an existing contact's source by the lead's. Omitted: false. */
  overwriteLeadSource?: boolean | null | undefined;
  /** Owner of the new records and of the lead's open activities, an active user. Omitted: the lead's owner, or who converts when nobody owns it. Required when a queue does. */
  owner?: string | number | null | undefined;
  /** Do exactly what a preview showed, or nothing (PLAN_EXPIRED). Takes the place of everything but `lead`, `ifVersion` and `idempotencyKey`. */
  planToken?: string | null | undefined;
};

/** Conditions on an instant. All conditions given must hold; a condition that is null counts as not given. */
export type DateTimeFilter = {
  /** At this instant or later. */
  gte?: string | null | undefined;
  /** true: has none; false: has one. */
  isNull?: boolean | null | undefined;
  /** Before this instant. */
  lt?: string | null | undefined;
};

/** An opportunity to join. */
export type ExistingOpportunity = {
  /** An open opportunity of the account. */
  id: string | number;
  /** The part the contact plays. Omitted: as it is, if known. */
  role?: BuyingRole | null | undefined;
};

/** What becomes of one field when the record exists. Consent flags are taken over whenever the lead has them set, and never taken back, whatever the policy. */
export type FieldMergePolicy = {
  /** Its field, one that a lead fills: `phone`, `custom.role`. */
  field: string;
  /** Which value it has afterwards. */
  policy: MergePolicy;
  /** The record. */
  target: ConversionTarget;
};

/** What a conversion did with one field. */
export type FieldOutcome =
  /** The value went nowhere. */
  | 'DROPPED'
  /** The target was empty and got the value. */
  | 'FILLED'
  /** The target had a value and kept it. */
  | 'KEPT'
  /** The target's value was replaced. */
  | 'OVERWRITTEN';

/** How sure a deal is counted in a forecast. */
export type ForecastCategory =
  /** Open, won if all goes well. */
  | 'BEST_CASE'
  /** Won. */
  | 'CLOSED'
  /** Open, promised by its owner. */
  | 'COMMIT'
  /** Open, more likely than not. */
  | 'MOST_LIKELY'
  /** Left out of forecasts and of the open pipeline (lost deals are here). */
  | 'OMITTED'
  /** Open, not yet likely. */
  | 'PIPELINE';

/** What became of a hand-off. */
export type HandoffState =
  /** The lead is theirs, and accepted by sales (SAL). */
  | 'ACCEPTED'
  /** They gave it back, with a reason; the lead stayed whose it was. */
  | 'BOUNCED'
  /** It waits for who is to take the lead. */
  | 'PENDING'
  /** It was taken back, or somebody else converted, closed or reassigned the lead before they decided. */
  | 'WITHDRAWN';

/** Conditions on a reference. All conditions given must hold; a condition that is null counts as not given. */
export type IdFilter = {
  /** This record. */
  eq?: string | number | null | undefined;
  /** One of these records (at most 500). */
  in?: Array<string | number> | null | undefined;
  /** true: refers to none; false: refers to one. */
  isNull?: boolean | null | undefined;
};

/** How far an account has come: the first of these stages, in this order, whose condition it meets. */
export type JourneyStage =
  /** It was ever touched: a campaign membership or an inbound activity of its people, or of the account itself. */
  | 'AWARE'
  /** It has a won opportunity. */
  | 'CUSTOMER'
  /** At least 10 minutes in the last 3 months (settings). */
  | 'ENGAGED'
  /** Marketing-qualified: at least 100 minutes by at least 2 people in the last 3 months (settings). */
  | 'MQA'
  /** None of these. */
  | 'NONE'
  /** It has an open opportunity, whatever its forecast category. */
  | 'OPPORTUNITY'
  /** A target account. */
  | 'TARGET';

/** How a lead (or a duplicate candidate) was recognised. */
export type MatchMethod =
  /** Several accounts match equally well; none is picked silently. */
  | 'AMBIGUOUS'
  /** Same registrable domain of e-mail or website (free-mail providers excluded). */
  | 'DOMAIN'
  /** Same name after removing case, accents, punctuation and legal suffixes; for a person: same e-mail or same name at the account. */
  | 'EXACT_NAME'
  /** Chosen by hand (`matchLead`): no later matching replaces it. */
  | 'MANUAL'
  /** No account matches. */
  | 'NONE'
  /** Trigram similarity of the normalised names of at least 0.6. */
  | 'SIMILAR_NAME';

/** Accounts that are one company. */
export type MergeAccountsInput = {
  /** Only tells what would be done, and writes nothing; then `idempotencyKey` does nothing. */
  dryRun?: boolean | null | undefined;
  /** The accounts that go into it: 1 to 20, in the order they fill fields. */
  duplicates: Array<string | number>;
  /** Where to take single fields from. The others keep the survivor's value; one that is empty is filled from the first duplicate that has it. */
  fields?: Array<MergeFieldChoice> | null | undefined;
  /** Chosen by the client, 1 to 255 characters: the same key and input again do nothing and answer the same. Each organisation, mutation and caller (a person with any of their tokens; a program by its token) has keys of its own. */
  idempotencyKey?: string | null | undefined;
  /** The `version` of the survivor you have seen: refused as STALE_VERSION when it has changed since. */
  ifVersion?: number | null | undefined;
  /** The account that stays. */
  survivor: string | number;
};

/** Which of the records a field is taken from. */
export type MergeFieldChoice = {
  /** The field, as `fields` of the payload names it: `phone`, `address` (as a whole), `custom.region`. */
  field: string;
  /** The record whose value stays: the survivor or one of the duplicates. It must have one. */
  from: string | number;
};

/** Which value a field of an existing record has after a conversion. */
export type MergePolicy =
  /** The record's; the lead's where it has none. The default. */
  | 'FILL_EMPTY'
  /** The record's, even if it has none. */
  | 'KEEP'
  /** Of the lead and the record, the one that was changed last (`updatedAt`, of any of its fields) wins; the record's where it has none is filled all the same. */
  | 'NEWEST'
  /** The lead's, where it has one. */
  | 'OVERWRITE';

/** What a metric is measured in. */
export type MetricUnit =
  /** One of a list of names. */
  | 'CATEGORY'
  /** A number of records. */
  | 'COUNT'
  /** Calendar days. */
  | 'DAYS'
  /** Minutes. */
  | 'MINUTES'
  /** An amount in the organisation's currency. */
  | 'MONEY'
  /** An amount in the organisation's currency per calendar day. */
  | 'MONEY_PER_DAY'
  /** A share of a whole: 0.6 is 60 %. */
  | 'RATIO';

/** An exact amount in one currency. */
export type MoneyInput = {
  /** The amount in the currency's major unit: `"1250.50"`. */
  amount: string;
  /** ISO 4217 code. Omitted: the organisation's currency. */
  currency?: string | null | undefined;
};

/** A window relative to today, or to the day of `asOf`. THIS_… is the whole period, its future included; fiscal periods begin with the organisation's first fiscal month. */
export type NamedWindow =
  /** Without bounds: what an omitted window means. */
  | 'ALL_TIME'
  /** The twelve months that end with today. */
  | 'LAST_12_MONTHS'
  /** The 30 days that end with today. */
  | 'LAST_30_DAYS'
  /** The 90 days that end with today. */
  | 'LAST_90_DAYS'
  /** The fiscal quarter before this one. */
  | 'LAST_FISCAL_QUARTER'
  /** The fiscal year before this one. */
  | 'LAST_FISCAL_YEAR'
  /** The calendar month before this one. */
  | 'LAST_MONTH'
  /** The calendar quarter before this one. */
  | 'LAST_QUARTER'
  /** Monday to Sunday of the week before this one. */
  | 'LAST_WEEK'
  /** The calendar year before this one. */
  | 'LAST_YEAR'
  /** This quarter of the fiscal year. */
  | 'THIS_FISCAL_QUARTER'
  /** This fiscal year. */
  | 'THIS_FISCAL_YEAR'
  /** This calendar month. */
  | 'THIS_MONTH'
  /** This calendar quarter. */
  | 'THIS_QUARTER'
  /** Monday to Sunday of this week. */
  | 'THIS_WEEK'
  /** This calendar year. */
  | 'THIS_YEAR'
  /** Today. */
  | 'TODAY';

/** A new opportunity; what is omitted has a default. */
export type OpportunityDraft = {
  /** Amount. Omitted: none. */
  amount?: MoneyInput | null | undefined;
  /** Close date. Omitted: the last day of the current fiscal quarter. */
  closeDate?: string | null | undefined;
  /** Custom fields by key, as in `customFields` of the record; null leaves one empty. Omitted: as the field mapping says. */
  customFields?: unknown;
  /** Name. Omitted: the company and a hyphen, `Acme-`. */
  name?: string | null | undefined;
  /** The part the contact plays. Omitted: not known. */
  role?: BuyingRole | null | undefined;
  /** Stage by its name; probability and forecast category follow. Omitted: the organisation's first open stage. */
  stage?: string | null | undefined;
};

/** The opportunity a lead starts or joins: exactly one of these. */
export type OpportunityTarget =
  {   /** A new opportunity. */
  create: OpportunityDraft; existing?: never; none?: never; }
  |  { create?: never;   /** This opportunity. */
  existing: ExistingOpportunity; none?: never; }
  |  { create?: never; existing?: never;   /** No opportunity. Only `true` makes sense. */
  none: boolean; };

/** Where a proposal to convert a lead stands. */
export type ProposalState =
  /** A person approved it, and the lead was converted. */
  | 'APPROVED'
  /** Its plan did not hold when it was to be approved, the lead was converted without it, or a newer proposal took its place. */
  | 'EXPIRED'
  /** It waits for a person to approve or reject it. */
  | 'OPEN'
  /** A person rejected it. */
  | 'REJECTED';

/** What a person or a program does, and so may do. */
export type Role =
  /** Runs the organisation: everything. */
  | 'ADMIN'
  /** Works accounts, contacts and opportunities; converts leads. */
  | 'AE'
  /** Reads everything, changes nothing. */
  | 'ANALYST'
  /** Captures and qualifies leads; may propose conversions. */
  | 'MARKETER'
  /** Qualifies inbound leads and converts them. */
  | 'SDR'
  /** A program: reads and writes, but never converts a lead without a person. */
  | 'SERVICE';

/** Records that can be left lying. */
export type StagnantType =
  /** Accounts without activity for more days than `accountStagnantDays` (90 unless set otherwise): neither their own nor one of their contacts, opportunities or unconverted matched leads. */
  | 'ACCOUNT'
  /** Contacts without activity for more days than `contactStagnantDays` (180 unless set otherwise). */
  | 'CONTACT'
  /** Open leads (not converted, status not closed) without activity for more days than `leadAgingDays` (90 unless set otherwise). */
  | 'LEAD'
  /** Open opportunities without activity for more days than `opportunityStagnantDays` (30 unless set otherwise). */
  | 'OPPORTUNITY';

/** Conditions on a text. All conditions given must hold; a condition that is null counts as not given. */
export type StringFilter = {
  /** This text is part of it, whatever case and accents. */
  contains?: string | null | undefined;
  /** Exactly this text. */
  eq?: string | null | undefined;
  /** One of these texts (at most 500); none of an empty list. */
  in?: Array<string> | null | undefined;
  /** true: has no text; false: has one. */
  isNull?: boolean | null | undefined;
  /** Not this text (rows without a text match too). */
  ne?: string | null | undefined;
  /** It begins with this text, whatever case and accents. */
  startsWith?: string | null | undefined;
};

/** Why a business rule refused a mutation. Stable: programs decide by it. */
export type UserErrorCode =
  /** The conversion is undone already. As a warning: the one that a repeated `idempotencyKey` answers with. */
  | 'ALREADY_REVERTED'
  /** Nothing was done, since another record of the batch (ALL_OR_NOTHING) was refused. */
  | 'BATCH_ABORTED'
  /** The existing contact belongs to another account. */
  | 'CONTACT_NOT_IN_ACCOUNT'
  /** The record to create seems to exist; choose a candidate with `existing`, or set `allowDuplicate`. */
  | 'DUPLICATE_FOUND'
  /** The caller may not set this field. */
  | 'FORBIDDEN_FIELD'
  /** The hand-off was accepted, bounced or withdrawn before; the error carries it. */
  | 'HANDOFF_DECIDED'
  /** Accepting and bouncing is for who the lead was handed to, withdrawing for who handed it over; both for an administrator. */
  | 'HANDOFF_FORBIDDEN'
  /** The lead is handed over already, and not decided on; the error carries that hand-off. */
  | 'HANDOFF_PENDING'
  /** A person with the right to convert has to do this. */
  | 'HUMAN_REVIEW_REQUIRED'
  /** The key was used before with another input. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The status is not one flagged converted; the error lists those. */
  | 'INVALID_CONVERTED_STATUS'
  /** A value is missing, malformed or contradicts another. */
  | 'INVALID_INPUT'
  /** The lead is converted and so read-only; the error carries the conversion. */
  | 'LEAD_CONVERTED'
  /** No such record in this organisation (it may be deleted). */
  | 'NOT_FOUND'
  /** The existing opportunity is closed. */
  | 'OPPORTUNITY_CLOSED'
  /** The existing opportunity belongs to another account. */
  | 'OPPORTUNITY_NOT_IN_ACCOUNT'
  /** The lead belongs to a queue: name an owner for the new records. */
  | 'OWNER_REQUIRED'
  /** The plan is too old, or does not hold any longer; the error tells what changed. */
  | 'PLAN_EXPIRED'
  /** The proposal was decided or has expired; the error carries it and what became of the lead. */
  | 'PROPOSAL_NOT_OPEN'
  /** Somebody else's proposal to convert the lead is open and still holds; the error carries it. */
  | 'PROPOSAL_OPEN'
  /** The conversion was built upon, or imported, so that it cannot be undone; the error lists why. */
  | 'REVERT_BLOCKED'
  /** The organisation wants another person than the proposer to approve (`reviewPolicy`). */
  | 'SELF_APPROVAL_FORBIDDEN'
  /** The record has changed since `ifVersion`; the error carries the current version. */
  | 'STALE_VERSION';

/** A range of days, half-open: `from` is its first day, `to` the first day after it. Either `named`, or `from` and `to`, of which one may be absent (unbounded). Nothing given: ALL_TIME. */
export type WindowInput = {
  /** Which other window `comparison` is about; it needs a window with both ends. */
  compare?: Comparison | null | undefined;
  /** First day; absent: since ever. */
  from?: string | null | undefined;
  /** A window by name, relative to today. */
  named?: NamedWindow | null | undefined;
  /** IANA time zone in which days begin and today is determined: `Europe/Berlin`. Default: the organisation's. */
  timeZone?: string | null | undefined;
  /** First day after the window; absent: for ever. Not before `from`. */
  to?: string | null | undefined;
};

export type AccountPageQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type AccountPageQuery = { accounts: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, name: string, domain: string | null, industry: string | null, tier: number | null, owner: { name: string } | null, contacts: { totalCount: number, nodes: Array<{ firstName: string | null, lastName: string, title: string | null, buyingRole: BuyingRole | null }> }, opportunities: { totalCount: number, nodes: Array<{ name: string, closeDate: string, stage: { name: string }, amount: { amount: string, currency: string } | null }> }, leads: { totalCount: number, nodes: Array<{ firstName: string | null, lastName: string, status: { name: string } }> }, conversions: { nodes: Array<{ convertedAt: string, accountOutcome: ConversionOutcome | null, lead: { source: string | null } }> }, metrics: { openPipeline: { count: number, amount: { amount: string, currency: string } }, won: { count: number, amount: { amount: string, currency: string } }, winRate: { value: number | null, numerator: string, denominator: string } } }> } };

export type SalesMetricsQueryVariables = Exact<{
  window?: WindowInput | null | undefined;
}>;


export type SalesMetricsQuery = { metrics: { openPipeline: { count: number, amountMissing: number, amount: { amount: string, currency: string }, definition: { formula: string } }, weightedPipeline: { count: number, amountMissing: number, amount: { amount: string, currency: string }, definition: { formula: string } }, pipelineCreated: { count: number, amountMissing: number, amount: { amount: string, currency: string }, definition: { formula: string } }, won: { count: number, amountMissing: number, amount: { amount: string, currency: string }, definition: { formula: string } }, lost: { count: number, amountMissing: number, amount: { amount: string, currency: string }, definition: { formula: string } }, winRate: { value: number | null, numerator: string, denominator: string, definition: { formula: string, emptyValue: string } }, winRateByValue: { value: number | null, numerator: string, denominator: string, definition: { formula: string, emptyValue: string } }, averageDealSize: { count: number, value: { amount: string, currency: string } | null, definition: { formula: string } }, medianDealSize: { count: number, value: { amount: string, currency: string } | null, definition: { formula: string } }, salesCycle: { meanDays: number | null, medianDays: number | null, p90Days: number | null, count: number, negative: number, definition: { formula: string } }, velocity: { count: number, value: { amount: string, currency: string } | null, definition: { formula: string } } }, rows: { won: { records: { totalCount: number, nodes: Array<{ name: string, closeDate: string, account: { name: string } | null, amount: { amount: string, currency: string } | null }> } } } };

export type AmountFragment = { count: number, amountMissing: number, amount: { amount: string, currency: string }, definition: { formula: string } };

export type RateFragment = { value: number | null, numerator: string, denominator: string, definition: { formula: string, emptyValue: string } };

export type AverageFragment = { count: number, value: { amount: string, currency: string } | null, definition: { formula: string } };

export type PipelineByTierQueryVariables = Exact<{
  window?: WindowInput | null | undefined;
}>;


export type PipelineByTierQuery = { metricGroups: Array<{ key: { label: string | null, tier: number | null }, metrics: { openPipeline: { count: number, amount: { amount: string, currency: string } }, won: { count: number, amount: { amount: string, currency: string }, unconverted: Array<{ amount: string, currency: string }> }, winRate: { value: number | null, numerator: string, denominator: string }, averageDealSize: { value: { amount: string, currency: string } | null }, salesCycle: { medianDays: number | null } } }> };

export type TopAccountsQueryVariables = Exact<{
  window?: WindowInput | null | undefined;
}>;


export type TopAccountsQuery = { metricGroups: Array<{ key: { label: string | null, isOther: boolean, account: { id: string, tier: number | null } | null }, metrics: { won: { count: number, amount: { amount: string, currency: string }, records: { totalCount: number, nodes: Array<{ name: string, closeDate: string }> } } } }> };

export type MonthByMonthQueryVariables = Exact<{
  window?: WindowInput;
}>;


export type MonthByMonthQuery = { metricSeries: Array<{ from: string, to: string, metrics: { pipelineCreated: { count: number }, won: { count: number, amount: { amount: string, currency: string } }, winRate: { value: number | null }, openPipeline: { count: number, amount: { amount: string, currency: string } } } }> };

export type ThisQuarterQueryVariables = Exact<{ [key: string]: never; }>;


export type ThisQuarterQuery = { metrics: { comparison: { won: { count: number, amount: { amount: string, currency: string } }, forecast: { closed: { amount: { amount: string } }, cumulativeCommit: { amount: { amount: string } }, cumulativeBestCase: { amount: { amount: string } } }, coverage: { value: number | null, numerator: string, denominator: string }, slipped: { count: number, amount: { amount: string } } } | null, won: { count: number, amount: { amount: string, currency: string } }, forecast: { closed: { amount: { amount: string } }, cumulativeCommit: { amount: { amount: string } }, cumulativeBestCase: { amount: { amount: string } } }, coverage: { value: number | null, numerator: string, denominator: string }, slipped: { count: number, amount: { amount: string } } } };

export type QuarterFragment = { won: { count: number, amount: { amount: string, currency: string } }, forecast: { closed: { amount: { amount: string } }, cumulativeCommit: { amount: { amount: string } }, cumulativeBestCase: { amount: { amount: string } } }, coverage: { value: number | null, numerator: string, denominator: string }, slipped: { count: number, amount: { amount: string } } };

export type PipelineAsOfQueryVariables = Exact<{
  then: string;
  later: string;
}>;


export type PipelineAsOfQuery = { metrics: { openPipeline: { count: number, amount: { amount: string, currency: string } }, weightedPipeline: { amount: { amount: string } } }, pipelineMovement: { start: { count: number, amount: { amount: string, currency: string } }, created: { count: number, amount: { amount: string, currency: string } }, reopened: { count: number, amount: { amount: string, currency: string } }, increased: { count: number, changes: { totalCount: number, nodes: Array<{ at: string, amount: { amount: string, currency: string }, opportunity: { name: string } }> }, amount: { amount: string, currency: string } }, decreased: { count: number, amount: { amount: string, currency: string } }, won: { count: number, amount: { amount: string, currency: string } }, lost: { count: number, amount: { amount: string, currency: string } }, omitted: { count: number, amount: { amount: string, currency: string } }, end: { count: number, amount: { amount: string, currency: string } } } };

export type MovedFragment = { count: number, amount: { amount: string, currency: string } };

export type StagesQueryVariables = Exact<{
  window?: WindowInput | null | undefined;
}>;


export type StagesQuery = { metrics: { stageConversion: Array<{ from: { name: string }, to: { name: string }, rate: { value: number | null, numerator: string, denominator: string } }>, stageDuration: Array<{ stage: { name: string }, duration: { meanDays: number | null, medianDays: number | null, count: number } }>, threading: { mean: number | null, median: number | null, multiThreadedShare: { value: number | null } } } };

export type LeadsBySourceQueryVariables = Exact<{
  window?: WindowInput | null | undefined;
}>;


export type LeadsBySourceQuery = { leadGroups: Array<{ key: { label: string | null }, metrics: { created: { count: number }, conversionCohort: { value: number | null, numerator: number, denominator: number }, milestones: { mql: { value: number | null }, sql: { value: number | null } }, speedToLead: { p50Minutes: number | null, overdue: number }, effectiveness: { opportunities: { count: number }, wonAmount: { amount: { amount: string, currency: string } } } } }> };

export type TargetAccountsQueryVariables = Exact<{
  window?: WindowInput | null | undefined;
}>;


export type TargetAccountsQuery = { accounts: { nodes: Array<{ name: string, tier: number | null, journeyStage: JourneyStage, coverage: { missingRoles: Array<BuyingRole> }, metrics: { engagement: { minutes: number, people: number, trend: number | null, penetration: { value: number | null } }, openPipeline: { amount: { amount: string, currency: string } } } }> }, accountCoverage: { targetAccounts: number, contactDensity: number | null, withContacts: { value: number | null }, completeGroups: { value: number | null, numerator: number, denominator: number }, reach: { value: number | null } } };

export type CampaignInfluenceQueryVariables = Exact<{
  window?: WindowInput | null | undefined;
}>;


export type CampaignInfluenceQuery = { campaignInfluence: Array<{ label: string, touches: number, opportunities: number, roi: number | null, won: { amount: string, currency: string }, pipeline: { amount: string } }> };

export type LeadsToWorkQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type LeadsToWorkQuery = { leads: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, version: number, firstName: string | null, lastName: string, company: string | null, email: string | null, source: string | null, score: number | null, status: { name: string }, owner:
        | { name: string }
        | { name: string }
       | null, accountMatch: { method: MatchMethod, score: number, account: { id: string, name: string } | null } | null }> } };

export type StagnantRecordsQueryVariables = Exact<{ [key: string]: never; }>;


export type StagnantRecordsQuery = { stagnantRecords: { totalCount: number, nodes: Array<{ type: StagnantType, days: number, reason: string, record:
        | { __typename: 'Account', id: string }
        | { __typename: 'Activity', id: string }
        | { __typename: 'Campaign', id: string }
        | { __typename: 'CampaignMember', id: string }
        | { __typename: 'Contact', id: string }
        | { __typename: 'ConversionJob', id: string }
        | { __typename: 'ConversionProposal', id: string }
        | { __typename: 'ExchangeRate', id: string }
        | { __typename: 'Lead', id: string }
        | { __typename: 'LeadConversion', id: string }
        | { __typename: 'LeadHandoff', id: string }
        | { __typename: 'LeadStatus', id: string }
        | { __typename: 'Opportunity', id: string }
        | { __typename: 'Organization', id: string }
        | { __typename: 'Queue', id: string }
        | { __typename: 'SalesTarget', id: string }
        | { __typename: 'Stage', id: string }
        | { __typename: 'User', id: string }
       }> } };

export type MetricDefinitionsQueryVariables = Exact<{ [key: string]: never; }>;


export type MetricDefinitionsQuery = { metricDefinitions: Array<{ key: string, label: string, formula: string, unit: MetricUnit, emptyValue: string }> };

export type HandoffsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  state?: HandoffState | null | undefined;
}>;


export type HandoffsQuery = { leadHandoffs: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, state: HandoffState, waitedMinutes: number, handedAt: string, note: string | null, reason: string | null, from: { name: string } | null, to: { name: string }, lead: { id: string, version: number, firstName: string | null, lastName: string, company: string | null, score: number | null, accountMatch: { method: MatchMethod, matchedOn: Array<string>, account: { id: string, name: string } | null } | null } | null }> } };

export type ConvertLeadMutationVariables = Exact<{
  input: ConvertLeadInput;
}>;


export type ConvertLeadMutation = { convertLead: { conversion: { id: string, convertedAt: string, accountOutcome: ConversionOutcome | null, contactOutcome: ConversionOutcome | null, opportunityOutcome: ConversionOutcome | null, fields: Array<{ target: ConversionTarget, field: string, value: string | null, outcome: FieldOutcome }> } | null, account: { id: string, name: string } | null, contact: { id: string, firstName: string | null, lastName: string } | null, opportunity: { id: string, name: string, closeDate: string, stage: { name: string }, amount: { amount: string, currency: string } | null } | null, warnings: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    >, userErrors: Array<
      | { allowed: Array<string>, code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null, candidates: Array<{ score: number, matchedOn: Array<string>, record:
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
           }> }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null, conversion: { id: string } | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { current: number, code: UserErrorCode, message: string, path: Array<string> | null }
    > } };

export type PreviewConversionQueryVariables = Exact<{
  input: ConvertLeadInput;
}>;


export type PreviewConversionQuery = { previewLeadConversion: { plan: { accountOutcome: ConversionOutcome, contactOutcome: ConversionOutcome, opportunityOutcome: ConversionOutcome | null, planToken: string, account: { id: string, name: string } | null, contact: { id: string, lastName: string } | null, opportunity: { id: string, name: string } | null, fields: Array<{ target: ConversionTarget, field: string, source: string | null, current: string | null, next: string | null, outcome: FieldOutcome, reason: string }>, accountCandidates: Array<{ score: number, matchedOn: Array<string>, method: MatchMethod, record:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }>, contactCandidates: Array<{ score: number, matchedOn: Array<string>, method: MatchMethod, record:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }> } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } };

export type AccountLineageQueryVariables = Exact<{
  account: string | number;
}>;


export type AccountLineageQuery = { account: { name: string, conversions: { totalCount: number, nodes: Array<{ convertedAt: string, accountOutcome: ConversionOutcome | null, contactOutcome: ConversionOutcome | null, opportunityOutcome: ConversionOutcome | null, convertedBy: { name: string } | null, lead: { firstName: string | null, lastName: string, source: string | null, createdAt: string }, contact: { firstName: string | null, lastName: string } | null, opportunity: { name: string, isWon: boolean } | null, fields: Array<{ target: ConversionTarget, field: string, value: string | null, outcome: FieldOutcome }> }> } } | null };

export type ProposalsToReviewQueryVariables = Exact<{
  first?: number | null | undefined;
}>;


export type ProposalsToReviewQuery = { conversionProposals: { totalCount: number, nodes: Array<{ id: string, ageDays: number, proposedBy: { kind: ActorKind, name: string }, lead: { firstName: string | null, lastName: string, company: string | null }, plan: { accountOutcome: ConversionOutcome, contactOutcome: ConversionOutcome, opportunityOutcome: ConversionOutcome | null, account: { name: string } | null, fields: Array<{ target: ConversionTarget, field: string, current: string | null, next: string | null, outcome: FieldOutcome, reason: string }>, accountCandidates: Array<{ score: number, matchedOn: Array<string>, record:
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
           }> } }> } };

export type ProposeConversionMutationVariables = Exact<{
  lead: string | number;
}>;


export type ProposeConversionMutation = { proposeConversion: { proposal: { id: string, state: ProposalState, plan: { accountOutcome: ConversionOutcome, contactOutcome: ConversionOutcome, opportunityOutcome: ConversionOutcome | null } } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string, proposal: { id: string, proposedBy: { name: string } } | null }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type ApproveConversionMutationVariables = Exact<{
  proposal: string | number;
  note?: string | null | undefined;
}>;


export type ApproveConversionMutation = { approveConversion: { conversion: { id: string, proposedBy: { name: string } | null } | null, account: { id: string, name: string } | null, contact: { id: string } | null, opportunity: { id: string, name: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { changes: Array<string>, code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string, proposal: { state: ProposalState } | null, conversion: { id: string } | null }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type RejectConversionMutationVariables = Exact<{
  proposal: string | number;
  note?: string | null | undefined;
}>;


export type RejectConversionMutation = { rejectConversion: { proposal: { id: string, state: ProposalState, note: string | null } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type RecentConversionsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: ConversionFilter | null | undefined;
}>;


export type RecentConversionsQuery = { conversions: { totalCount: number, nodes: Array<{ convertedAt: string, lead: { firstName: string | null, lastName: string, company: string | null, source: string | null }, account: { id: string, name: string } | null, contact: { id: string } | null, opportunity: { id: string, name: string, isWon: boolean } | null }> } };

export type MergeAccountsMutationVariables = Exact<{
  input: MergeAccountsInput;
}>;


export type MergeAccountsMutation = { mergeAccounts: { account: { id: string, name: string, mergedFrom: Array<{ id: string, name: string, mergedAt: string, mergedBy: { name: string } | null }> } | null, fields: Array<{ duplicate: string | null, field: string, source: string | null, current: string | null, next: string | null, outcome: FieldOutcome, reason: string }>, moved: { accounts: number, contacts: number, opportunities: number, leads: number, conversions: number, activities: number }, warnings: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string, candidates: Array<{ record:
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
           }> }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    >, userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } };

export type DealHistoryQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type DealHistoryQuery = { opportunities: { totalCount: number, nodes: Array<{ name: string, closeDate: string, pushCount: number, account: { name: string } | null, amount: { amount: string, currency: string } | null, stage: { name: string, probability: number }, contactRoles: Array<{ role: BuyingRole | null, isPrimary: boolean, contact: { firstName: string | null, lastName: string } }>, stageHistory: Array<{ enteredAt: string, leftAt: string | null, stage: { name: string } }> }> } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { role: Role, rights: Array<string>, user: { name: string, email: string | null } | null, organization: { name: string, currency: string, timeZone: string, fiscalYearStartMonth: number, stages: Array<{ name: string, probability: number, forecastCategory: ForecastCategory }>, leadStatuses: Array<{ name: string, isConverted: boolean }> } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const AmountFragmentDoc = new TypedDocumentString(`
    fragment Amount on AmountMetric {
  count
  amount {
    amount
    currency
  }
  amountMissing
  definition {
    formula
  }
}
    `, {"fragmentName":"Amount"}) as unknown as TypedDocumentString<AmountFragment, unknown>;
export const RateFragmentDoc = new TypedDocumentString(`
    fragment Rate on RateMetric {
  value
  numerator
  denominator
  definition {
    formula
    emptyValue
  }
}
    `, {"fragmentName":"Rate"}) as unknown as TypedDocumentString<RateFragment, unknown>;
export const AverageFragmentDoc = new TypedDocumentString(`
    fragment Average on MoneyMetric {
  value {
    amount
    currency
  }
  count
  definition {
    formula
  }
}
    `, {"fragmentName":"Average"}) as unknown as TypedDocumentString<AverageFragment, unknown>;
export const QuarterFragmentDoc = new TypedDocumentString(`
    fragment Quarter on SalesMetrics {
  won {
    count
    amount {
      amount
      currency
    }
  }
  forecast {
    closed {
      amount {
        amount
      }
    }
    cumulativeCommit {
      amount {
        amount
      }
    }
    cumulativeBestCase {
      amount {
        amount
      }
    }
  }
  coverage {
    value
    numerator
    denominator
  }
  slipped {
    count
    amount {
      amount
    }
  }
}
    `, {"fragmentName":"Quarter"}) as unknown as TypedDocumentString<QuarterFragment, unknown>;
export const MovedFragmentDoc = new TypedDocumentString(`
    fragment Moved on Movement {
  count
  amount {
    amount
    currency
  }
}
    `, {"fragmentName":"Moved"}) as unknown as TypedDocumentString<MovedFragment, unknown>;
export const AccountPageDocument = new TypedDocumentString(`
    query AccountPage($first: Int = 10, $after: String) {
  accounts(
    first: $first
    after: $after
    filter: {isTarget: true}
    orderBy: [{field: TIER}, {field: NAME}]
  ) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      name
      domain
      industry
      tier
      owner {
        name
      }
      contacts(first: 5) {
        totalCount
        nodes {
          firstName
          lastName
          title
          buyingRole
        }
      }
      opportunities(
        first: 5
        filter: {isClosed: false}
        orderBy: [{field: AMOUNT, direction: DESC}]
      ) {
        totalCount
        nodes {
          name
          stage {
            name
          }
          amount {
            amount
            currency
          }
          closeDate
        }
      }
      leads(first: 5) {
        totalCount
        nodes {
          firstName
          lastName
          status {
            name
          }
        }
      }
      conversions(first: 5) {
        nodes {
          convertedAt
          accountOutcome
          lead {
            source
          }
        }
      }
      metrics(window: {named: LAST_12_MONTHS}) {
        openPipeline {
          count
          amount {
            amount
            currency
          }
        }
        won {
          count
          amount {
            amount
            currency
          }
        }
        winRate {
          value
          numerator
          denominator
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AccountPageQuery, AccountPageQueryVariables>;
export const SalesMetricsDocument = new TypedDocumentString(`
    query SalesMetrics($window: WindowInput = {named: LAST_12_MONTHS}) {
  metrics(window: $window) {
    openPipeline {
      ...Amount
    }
    weightedPipeline {
      ...Amount
    }
    pipelineCreated {
      ...Amount
    }
    won {
      ...Amount
    }
    lost {
      ...Amount
    }
    winRate {
      ...Rate
    }
    winRateByValue {
      ...Rate
    }
    averageDealSize {
      ...Average
    }
    medianDealSize {
      ...Average
    }
    salesCycle {
      meanDays
      medianDays
      p90Days
      count
      negative
      definition {
        formula
      }
    }
    velocity {
      ...Average
    }
  }
  rows: metrics(window: $window) {
    won {
      records(first: 10) {
        totalCount
        nodes {
          name
          account {
            name
          }
          amount {
            amount
            currency
          }
          closeDate
        }
      }
    }
  }
}
    fragment Amount on AmountMetric {
  count
  amount {
    amount
    currency
  }
  amountMissing
  definition {
    formula
  }
}
fragment Rate on RateMetric {
  value
  numerator
  denominator
  definition {
    formula
    emptyValue
  }
}
fragment Average on MoneyMetric {
  value {
    amount
    currency
  }
  count
  definition {
    formula
  }
}`) as unknown as TypedDocumentString<SalesMetricsQuery, SalesMetricsQueryVariables>;
export const PipelineByTierDocument = new TypedDocumentString(`
    query PipelineByTier($window: WindowInput = {named: LAST_12_MONTHS}) {
  metricGroups(by: [TIER], window: $window) {
    key {
      label
      tier
    }
    metrics {
      openPipeline {
        count
        amount {
          amount
          currency
        }
      }
      won {
        count
        amount {
          amount
          currency
        }
        unconverted {
          amount
          currency
        }
      }
      winRate {
        value
        numerator
        denominator
      }
      averageDealSize {
        value {
          amount
          currency
        }
      }
      salesCycle {
        medianDays
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PipelineByTierQuery, PipelineByTierQueryVariables>;
export const TopAccountsDocument = new TypedDocumentString(`
    query TopAccounts($window: WindowInput = {named: LAST_12_MONTHS}) {
  metricGroups(
    by: [ACCOUNT]
    window: $window
    orderBy: {metric: "won"}
    having: [{metric: "won.count", gte: "1"}]
    first: 5
  ) {
    key {
      label
      isOther
      account {
        id
        tier
      }
    }
    metrics {
      won {
        count
        amount {
          amount
          currency
        }
        records(first: 3) {
          totalCount
          nodes {
            name
            closeDate
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TopAccountsQuery, TopAccountsQueryVariables>;
export const MonthByMonthDocument = new TypedDocumentString(`
    query MonthByMonth($window: WindowInput! = {named: LAST_12_MONTHS}) {
  metricSeries(interval: MONTH, window: $window) {
    from
    to
    metrics {
      pipelineCreated {
        count
      }
      won {
        count
        amount {
          amount
          currency
        }
      }
      winRate {
        value
      }
      openPipeline {
        count
        amount {
          amount
          currency
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MonthByMonthQuery, MonthByMonthQueryVariables>;
export const ThisQuarterDocument = new TypedDocumentString(`
    query ThisQuarter {
  metrics(window: {named: THIS_FISCAL_QUARTER, compare: PREVIOUS}) {
    ...Quarter
    comparison {
      ...Quarter
    }
  }
}
    fragment Quarter on SalesMetrics {
  won {
    count
    amount {
      amount
      currency
    }
  }
  forecast {
    closed {
      amount {
        amount
      }
    }
    cumulativeCommit {
      amount {
        amount
      }
    }
    cumulativeBestCase {
      amount {
        amount
      }
    }
  }
  coverage {
    value
    numerator
    denominator
  }
  slipped {
    count
    amount {
      amount
    }
  }
}`) as unknown as TypedDocumentString<ThisQuarterQuery, ThisQuarterQueryVariables>;
export const PipelineAsOfDocument = new TypedDocumentString(`
    query PipelineAsOf($then: DateTime!, $later: DateTime!) {
  metrics(asOf: $then) {
    openPipeline {
      count
      amount {
        amount
        currency
      }
    }
    weightedPipeline {
      amount {
        amount
      }
    }
  }
  pipelineMovement(from: $then, to: $later) {
    start {
      ...Moved
    }
    created {
      ...Moved
    }
    reopened {
      ...Moved
    }
    increased {
      ...Moved
      changes(first: 5) {
        totalCount
        nodes {
          at
          amount {
            amount
            currency
          }
          opportunity {
            name
          }
        }
      }
    }
    decreased {
      ...Moved
    }
    won {
      ...Moved
    }
    lost {
      ...Moved
    }
    omitted {
      ...Moved
    }
    end {
      ...Moved
    }
  }
}
    fragment Moved on Movement {
  count
  amount {
    amount
    currency
  }
}`) as unknown as TypedDocumentString<PipelineAsOfQuery, PipelineAsOfQueryVariables>;
export const StagesDocument = new TypedDocumentString(`
    query Stages($window: WindowInput = {named: LAST_12_MONTHS}) {
  metrics(window: $window) {
    stageConversion {
      from {
        name
      }
      to {
        name
      }
      rate {
        value
        numerator
        denominator
      }
    }
    stageDuration {
      stage {
        name
      }
      duration {
        meanDays
        medianDays
        count
      }
    }
    threading {
      mean
      median
      multiThreadedShare {
        value
      }
    }
  }
}
    `) as unknown as TypedDocumentString<StagesQuery, StagesQueryVariables>;
export const LeadsBySourceDocument = new TypedDocumentString(`
    query LeadsBySource($window: WindowInput = {named: LAST_12_MONTHS}) {
  leadGroups(by: [SOURCE], window: $window) {
    key {
      label
    }
    metrics {
      created {
        count
      }
      conversionCohort {
        value
        numerator
        denominator
      }
      milestones {
        mql {
          value
        }
        sql {
          value
        }
      }
      speedToLead {
        p50Minutes
        overdue
      }
      effectiveness {
        opportunities {
          count
        }
        wonAmount {
          amount {
            amount
            currency
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<LeadsBySourceQuery, LeadsBySourceQueryVariables>;
export const TargetAccountsDocument = new TypedDocumentString(`
    query TargetAccounts($window: WindowInput = {named: LAST_90_DAYS}) {
  accounts(first: 10, filter: {isTarget: true}, orderBy: [{field: TIER}]) {
    nodes {
      name
      tier
      journeyStage
      coverage {
        missingRoles
      }
      metrics(window: $window) {
        engagement {
          minutes
          people
          trend
          penetration {
            value
          }
        }
        openPipeline {
          amount {
            amount
            currency
          }
        }
      }
    }
  }
  accountCoverage(window: $window) {
    targetAccounts
    withContacts {
      value
    }
    contactDensity
    completeGroups {
      value
      numerator
      denominator
    }
    reach {
      value
    }
  }
}
    `) as unknown as TypedDocumentString<TargetAccountsQuery, TargetAccountsQueryVariables>;
export const CampaignInfluenceDocument = new TypedDocumentString(`
    query CampaignInfluence($window: WindowInput = {named: LAST_12_MONTHS}) {
  campaignInfluence(model: W_SHAPED, window: $window) {
    label
    touches
    opportunities
    won {
      amount
      currency
    }
    pipeline {
      amount
    }
    roi
  }
}
    `) as unknown as TypedDocumentString<CampaignInfluenceQuery, CampaignInfluenceQueryVariables>;
export const LeadsToWorkDocument = new TypedDocumentString(`
    query LeadsToWork($first: Int = 20, $after: String) {
  leads(
    first: $first
    after: $after
    filter: {isConverted: false}
    orderBy: [{field: SCORE, direction: DESC}]
  ) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      version
      firstName
      lastName
      company
      email
      source
      score
      status {
        name
      }
      owner {
        ... on User {
          name
        }
        ... on Queue {
          name
        }
      }
      accountMatch {
        method
        score
        account {
          id
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<LeadsToWorkQuery, LeadsToWorkQueryVariables>;
export const StagnantRecordsDocument = new TypedDocumentString(`
    query StagnantRecords {
  stagnantRecords(types: [LEAD, OPPORTUNITY], first: 20) {
    totalCount
    nodes {
      type
      days
      reason
      record {
        __typename
        id
      }
    }
  }
}
    `) as unknown as TypedDocumentString<StagnantRecordsQuery, StagnantRecordsQueryVariables>;
export const MetricDefinitionsDocument = new TypedDocumentString(`
    query MetricDefinitions {
  metricDefinitions {
    key
    label
    formula
    unit
    emptyValue
  }
}
    `) as unknown as TypedDocumentString<MetricDefinitionsQuery, MetricDefinitionsQueryVariables>;
export const HandoffsDocument = new TypedDocumentString(`
    query Handoffs($first: Int = 20, $after: String, $state: HandoffState = PENDING) {
  leadHandoffs(first: $first, after: $after, filter: {state: $state}) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      state
      waitedMinutes
      handedAt
      note
      reason
      from {
        name
      }
      to {
        name
      }
      lead {
        id
        version
        firstName
        lastName
        company
        score
        accountMatch {
          method
          matchedOn
          account {
            id
            name
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<HandoffsQuery, HandoffsQueryVariables>;
export const ConvertLeadDocument = new TypedDocumentString(`
    mutation ConvertLead($input: ConvertLeadInput!) {
  convertLead(input: $input) {
    conversion {
      id
      convertedAt
      accountOutcome
      contactOutcome
      opportunityOutcome
      fields {
        target
        field
        value
        outcome
      }
    }
    account {
      id
      name
    }
    contact {
      id
      firstName
      lastName
    }
    opportunity {
      id
      name
      stage {
        name
      }
      amount {
        amount
        currency
      }
      closeDate
    }
    warnings {
      code
      message
    }
    userErrors {
      code
      message
      path
      ... on LeadConvertedError {
        conversion {
          id
        }
      }
      ... on DuplicateFoundError {
        candidates {
          score
          matchedOn
          record {
            id
          }
        }
      }
      ... on StaleVersionError {
        current
      }
      ... on AllowedValuesError {
        allowed
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConvertLeadMutation, ConvertLeadMutationVariables>;
export const PreviewConversionDocument = new TypedDocumentString(`
    query PreviewConversion($input: ConvertLeadInput!) {
  previewLeadConversion(input: $input) {
    plan {
      accountOutcome
      account {
        id
        name
      }
      contactOutcome
      contact {
        id
        lastName
      }
      opportunityOutcome
      opportunity {
        id
        name
      }
      fields {
        target
        field
        source
        current
        next
        outcome
        reason
      }
      accountCandidates {
        score
        matchedOn
        method
        record {
          id
        }
      }
      contactCandidates {
        score
        matchedOn
        method
        record {
          id
        }
      }
      planToken
    }
    userErrors {
      code
      message
      path
    }
  }
}
    `) as unknown as TypedDocumentString<PreviewConversionQuery, PreviewConversionQueryVariables>;
export const AccountLineageDocument = new TypedDocumentString(`
    query AccountLineage($account: ID!) {
  account(by: {id: $account}) {
    name
    conversions(first: 20) {
      totalCount
      nodes {
        convertedAt
        convertedBy {
          name
        }
        accountOutcome
        contactOutcome
        opportunityOutcome
        lead {
          firstName
          lastName
          source
          createdAt
        }
        contact {
          firstName
          lastName
        }
        opportunity {
          name
          isWon
        }
        fields {
          target
          field
          value
          outcome
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AccountLineageQuery, AccountLineageQueryVariables>;
export const ProposalsToReviewDocument = new TypedDocumentString(`
    query ProposalsToReview($first: Int = 20) {
  conversionProposals(state: OPEN, first: $first) {
    totalCount
    nodes {
      id
      ageDays
      proposedBy {
        kind
        name
      }
      lead {
        firstName
        lastName
        company
      }
      plan {
        accountOutcome
        account {
          name
        }
        contactOutcome
        opportunityOutcome
        fields {
          target
          field
          current
          next
          outcome
          reason
        }
        accountCandidates {
          score
          matchedOn
          record {
            id
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ProposalsToReviewQuery, ProposalsToReviewQueryVariables>;
export const ProposeConversionDocument = new TypedDocumentString(`
    mutation ProposeConversion($lead: ID!) {
  proposeConversion(input: {lead: $lead}) {
    proposal {
      id
      state
      plan {
        accountOutcome
        contactOutcome
        opportunityOutcome
      }
    }
    userErrors {
      code
      message
      ... on ProposalStateError {
        proposal {
          id
          proposedBy {
            name
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ProposeConversionMutation, ProposeConversionMutationVariables>;
export const ApproveConversionDocument = new TypedDocumentString(`
    mutation ApproveConversion($proposal: ID!, $note: String) {
  approveConversion(input: {proposal: $proposal, note: $note}) {
    conversion {
      id
      proposedBy {
        name
      }
    }
    account {
      id
      name
    }
    contact {
      id
    }
    opportunity {
      id
      name
    }
    userErrors {
      code
      message
      ... on PlanExpiredError {
        changes
      }
      ... on ProposalStateError {
        proposal {
          state
        }
        conversion {
          id
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ApproveConversionMutation, ApproveConversionMutationVariables>;
export const RejectConversionDocument = new TypedDocumentString(`
    mutation RejectConversion($proposal: ID!, $note: String) {
  rejectConversion(input: {proposal: $proposal, note: $note}) {
    proposal {
      id
      state
      note
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RejectConversionMutation, RejectConversionMutationVariables>;
export const RecentConversionsDocument = new TypedDocumentString(`
    query RecentConversions($first: Int = 20, $after: String, $filter: ConversionFilter) {
  conversions(first: $first, after: $after, filter: $filter) {
    totalCount
    nodes {
      convertedAt
      lead {
        firstName
        lastName
        company
        source
      }
      account {
        id
        name
      }
      contact {
        id
      }
      opportunity {
        id
        name
        isWon
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RecentConversionsQuery, RecentConversionsQueryVariables>;
export const MergeAccountsDocument = new TypedDocumentString(`
    mutation MergeAccounts($input: MergeAccountsInput!) {
  mergeAccounts(input: $input) {
    account {
      id
      name
      mergedFrom {
        id
        name
        mergedAt
        mergedBy {
          name
        }
      }
    }
    fields {
      duplicate
      field
      source
      current
      next
      outcome
      reason
    }
    moved {
      accounts
      contacts
      opportunities
      leads
      conversions
      activities
    }
    warnings {
      code
      message
      ... on DuplicateFoundError {
        candidates {
          record {
            id
          }
        }
      }
    }
    userErrors {
      code
      message
      path
    }
  }
}
    `) as unknown as TypedDocumentString<MergeAccountsMutation, MergeAccountsMutationVariables>;
export const DealHistoryDocument = new TypedDocumentString(`
    query DealHistory($first: Int = 10, $after: String) {
  opportunities(first: $first, after: $after, filter: {isClosed: false}) {
    totalCount
    nodes {
      name
      account {
        name
      }
      amount {
        amount
        currency
      }
      closeDate
      pushCount
      stage {
        name
        probability
      }
      contactRoles {
        role
        isPrimary
        contact {
          firstName
          lastName
        }
      }
      stageHistory {
        stage {
          name
        }
        enteredAt
        leftAt
      }
    }
  }
}
    `) as unknown as TypedDocumentString<DealHistoryQuery, DealHistoryQueryVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    role
    rights
    user {
      name
      email
    }
    organization {
      name
      currency
      timeZone
      fiscalYearStartMonth
      stages {
        name
        probability
        forecastCategory
      }
      leadStatuses {
        name
        isConverted
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;