import type { AccountEntity } from '../accounts/account.entity.ts';
import { domain } from '../accounts/company-rules.ts';
import type { ContactEntity } from '../contacts/contact.entity.ts';
import type { BuyingRole } from '../contacts/contact.enums.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import {
  businessDate,
  email,
  money,
  phone,
  readFields,
  required,
  shortText,
  wholeNumber,
} from '../graphql/input-rules.ts';
import { invalidInput, Refusal } from '../graphql/user-error.ts';
import type {
  AccountTarget,
  ContactTarget,
  ConvertLeadInput,
  OpportunityDraft,
  OpportunityTarget,
} from './conversion.inputs.ts';

const MAX_EMPLOYEES = 2 ** 31 - 1;

/**
 * `draft`: fields the caller sets instead of the lead; one that is not there is the lead's to fill. `custom`: the same of
 * custom fields, not checked yet: which there are the input alone doesn't tell (`readCustomDrafts`).
 */
export type RecordTarget<Row> =
  | { kind: 'create'; draft: Partial<Row>; custom: unknown }
  | { kind: 'existing'; id: string }
  | { kind: 'matchOrCreate' };

export type OpportunityChoice =
  | { kind: 'create'; draft: ReturnType<typeof opportunityDraft>; custom: unknown }
  /** `isShared`: another lead of the batch has started it, and so it may be closed from the start. */
  | { kind: 'existing'; id: string; role: BuyingRole | null; isShared?: boolean }
  | { kind: 'none' };

/** What a lead is to become, checked as far as the input alone tells; ids are UUIDs. */
export interface Targets {
  account: RecordTarget<AccountEntity>;
  contact: RecordTarget<ContactEntity>;
  opportunity: OpportunityChoice;
}

/** Refusals of `read` name fields from the root of the input. */
export function under<T>(path: string[], read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.errors.map((one) => ({ ...one, path: [...path, ...(one.path ?? [])] })));
  }
}

/** Null says as little as nothing; an empty text empties a field. */
function given<Fields extends object>(
  fields: Fields | null | undefined,
): { [F in keyof Fields]?: Fields[F] } {
  const entries = Object.entries(fields ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as Partial<Fields>;
}

/** The one field a target gives. The schema's `@oneOf` says so too, but not every caller comes through GraphQL. */
function only<Target extends object>(target: Target, name: string): keyof Target {
  const given = (Object.keys(target) as (keyof Target)[]).filter((key) => target[key] !== undefined);
  if (given.length !== 1 || target[given[0]!] === null)
    throw invalidInput(name, `${name} must name exactly one of its fields`);
  return given[0]!;
}

function requireTrue(value: boolean | null | undefined, path: [string, string]): void {
  if (value !== true) throw invalidInput(path, `${path.join('.')} can only be true; leave it out instead`);
}

function accountTarget(target: AccountTarget | null | undefined): RecordTarget<AccountEntity> {
  if (!target) return { kind: 'matchOrCreate' };
  const kind = only(target, 'account');
  if (kind === 'existing')
    return { kind, id: decodeIdOrRefuse('Account', target.existing ?? '', ['account', kind]) };
  if (kind === 'matchOrCreate') {
    requireTrue(target.matchOrCreate, ['account', kind]);
    return { kind };
  }
  const rules = {
    name: required(shortText),
    domain,
    industry: shortText,
    employees: wholeNumber({ min: 0, max: MAX_EMPLOYEES }),
  };
  const draft = under(['account', kind], () => readFields(given(target.create), rules));
  return { kind, draft, custom: target.create?.customFields };
}

function contactTarget(target: ContactTarget | null | undefined): RecordTarget<ContactEntity> {
  if (!target) return { kind: 'matchOrCreate' };
  const kind = only(target, 'contact');
  if (kind === 'existing')
    return { kind, id: decodeIdOrRefuse('Contact', target.existing ?? '', ['contact', kind]) };
  if (kind === 'matchOrCreate') {
    requireTrue(target.matchOrCreate, ['contact', kind]);
    return { kind };
  }
  const rules = { firstName: shortText, lastName: required(shortText), email, phone, title: shortText };
  const draft = under(['contact', kind], () => readFields(given(target.create), rules));
  return { kind, draft, custom: target.create?.customFields };
}

function opportunityDraft({ role, ...fields }: OpportunityDraft, currency: string) {
  const rules = {
    name: required(shortText),
    amount: money(currency),
    stage: required(shortText),
    closeDate: required(businessDate),
  };
  return { role: role ?? null, ...under(['opportunity', 'create'], () => readFields(given(fields), rules)) };
}

function opportunityTarget(
  target: OpportunityTarget | null | undefined,
  currency: string,
): OpportunityChoice {
  if (!target) return { kind: 'create', draft: { role: null }, custom: null };
  const kind = only(target, 'opportunity');
  if (kind === 'existing') {
    const { id = '', role = null } = target.existing ?? {};
    return { kind, id: decodeIdOrRefuse('Opportunity', id, ['opportunity', kind, 'id']), role };
  }
  if (kind === 'none') {
    requireTrue(target.none, ['opportunity', kind]);
    return { kind };
  }
  const draft = opportunityDraft({ ...target.create }, currency);
  return { kind, draft, custom: target.create?.customFields };
}

export function readTargets(input: ConvertLeadInput, currency: string): Targets {
  return {
    account: accountTarget(input.account),
    contact: contactTarget(input.contact),
    opportunity: opportunityTarget(input.opportunity, currency),
  };
}
