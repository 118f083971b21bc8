import { fieldsOfExisting, fieldsOfNew, fieldsOfNone, fieldWithout, type Merged } from './fields.ts';
import { ADDRESS, mappingsOf } from './mapping.ts';
import { lastDayOfQuarter } from './calendar.ts';
import {
  type Account,
  type Asker,
  type Contact,
  type Fault,
  type Id,
  type Lead,
  NEW,
  type Opportunity,
  type Organisation,
  type Outcome,
  type PlannedField,
  type Prediction,
  type Settings,
  type Target,
  type Value,
  type Wish,
} from './records.ts';
import { joinCampaigns, linkActivities, takePart } from './side-effects.ts';
import { chooseAccount, chooseContact, chooseOpportunity, type Findings } from './targets.ts';

type Columns = Record<string, Value>;

/** May somebody of this role convert? Some may only propose, some not even that. */
export function right(role: Asker['role']): 'CONVERT' | 'PROPOSE' | 'NONE' {
  if (role === 'ADMIN' || role === 'SDR' || role === 'AE') return 'CONVERT';
  return role === 'ANALYST' ? 'NONE' : 'PROPOSE';
}

/**
 * What the rules say to a wish: every fault it has (one of them has to be told, and nothing done), or what the
 * organisation is like afterwards. Does not ask who may.
 */
export function predict(
  before: Organisation,
  wish: Wish,
  asker: Asker,
  now: Date,
): { faults: Fault[] } | Prediction {
  const findings: Findings = { faults: [], warnings: [] };
  const { faults } = findings;
  const { settings } = before;
  const lead = before.leads.find(({ id, isDeleted }) => id === wish.lead && !isDeleted);
  if (!lead) return { faults: [{ code: 'NOT_FOUND', path: 'lead' }, ...formFaults(wish, settings)] };
  if (lead.isConverted) faults.push({ code: 'LEAD_CONVERTED', path: 'lead' });
  if (wish.ifVersion !== undefined && wish.ifVersion !== lead.version)
    faults.push({ code: 'STALE_VERSION', path: 'ifVersion' });
  const converted = settings.statuses.filter(({ isConverted }) => isConverted);
  const status = converted.find(({ name }) => name === wish.convertedStatus) ?? converted[0];
  if (wish.convertedStatus !== undefined && status?.name !== wish.convertedStatus)
    faults.push({ code: 'INVALID_CONVERTED_STATUS', path: 'convertedStatus' });
  faults.push(...formFaults(wish, settings));
  if (wish.owner !== undefined && !settings.activeUsers.includes(wish.owner))
    faults.push({ code: 'INVALID_INPUT', path: 'owner' });
  // a queue owns nothing, and a program neither
  const owner = wish.owner ?? lead.ownerId ?? (lead.queueId ? null : asker.userId);
  if (owner === null) faults.push({ code: 'OWNER_REQUIRED', path: 'owner' });

  const account = chooseAccount(before, lead, wish, findings);
  const contact = chooseContact(before, lead, account?.id ?? null, wish, findings);
  const opportunity = chooseOpportunity(before, account?.id ?? null, wish, findings);
  if (faults.length > 0 || !account || !contact || opportunity === undefined) return { faults };

  const after = structuredClone(before);
  const fields: PlannedField[] = [];
  const write = writer(after, before, lead, wish, fields);
  const becomes = (
    target: Target,
    chosen: { id: Id | null },
    draft: Columns,
    rest: Columns,
  ): [Id, Outcome] => {
    if (chosen.id) return [chosen.id, write.existing(target, chosen.id)];
    write.fresh(target, draft, { ...rest, ownerId: owner });
    fields.push(fieldWithout(target, 'owner', owner, wish.owner !== undefined));
    return [NEW[target], 'CREATED'];
  };
  const [accountId, accountOutcome] = becomes('ACCOUNT', account, draftOf(wish.account), {});
  const [contactId, contactOutcome] = becomes('CONTACT', contact, draftOf(wish.contact), { accountId });
  const company = after.accounts.find(({ id }) => id === accountId)!.name;
  const deal = newDeal(before, lead, wish, company, now);
  const [opportunityId, opportunityOutcome] = opportunity
    ? becomes('OPPORTUNITY', opportunity, customOf(wish.opportunity), { ...deal.columns, accountId })
    : [null, null];
  if (!opportunity) fields.push(...fieldsOfNone(lead, settings));
  if (opportunityOutcome === 'CREATED') fields.push(...deal.fields);

  if (opportunityId) takePart(after, opportunityId, contactId, roleOf(wish));
  linkActivities(after, lead.id, { accountId, contactId, opportunityId }, owner);
  joinCampaigns(after, lead.id, contactId);
  Object.assign(
    after.leads.find(({ id }) => id === lead.id)!,
    { isConverted: true, statusId: status!.id },
  );
  return {
    ...{ accountId, contactId, opportunityId, fields, after },
    outcomes: { account: accountOutcome, contact: contactOutcome, opportunity: opportunityOutcome },
    warnings: findings.warnings,
  };
}

/** What is wrong with the wish itself, whatever there is. */
function formFaults(wish: Wish, settings: Settings): Fault[] {
  const { account, contact, opportunity } = wish;
  const wrong = [
    ['account.matchOrCreate', account && 'matchOrCreate' in account && !account.matchOrCreate],
    ['contact.matchOrCreate', contact && 'matchOrCreate' in contact && !contact.matchOrCreate],
    ['opportunity.none', opportunity && 'none' in opportunity && !opportunity.none],
    ['account.create.name', account && 'create' in account && account.create.name === ''],
    ['contact.create.lastName', contact && 'create' in contact && contact.create.lastName === ''],
    ['opportunity.create.name', opportunity && 'create' in opportunity && opportunity.create.name === ''],
  ] as const;
  const paths = wrong.filter(([, isWrong]) => isWrong).map(([path]) => path);
  const drafts = [
    ['account', account],
    ['contact', contact],
    ['opportunity', opportunity],
  ] as const;
  const unknown = drafts.flatMap(([name, target]) =>
    Object.keys((target && 'create' in target && target.create.customFields) || {})
      .filter((key) => !settings.customKeys.includes(key))
      .map((key) => `${name}.create.customFields.${key}`),
  );
  return [
    ...[...paths, ...unknown].map((path) => ({ code: 'INVALID_INPUT', path })),
    ...policyFaults(wish, settings),
  ];
}

function policyFaults({ mergePolicy = [], overwriteLeadSource }: Wish, settings: Settings): Fault[] {
  return mergePolicy.flatMap(({ target, field }, index) => {
    // said twice in two ways
    const isSaidElsewhere = overwriteLeadSource === true && target === 'CONTACT' && field === 'source';
    const isKnown = mappingsOf(settings, target).some((one) => one.field === field) && !isSaidElsewhere;
    const isFirst = mergePolicy.findIndex((one) => one.target === target && one.field === field) === index;
    return isKnown && isFirst ? [] : [{ code: 'INVALID_INPUT', path: `mergePolicy.${index}.field` }];
  });
}

/** What the input gives, custom fields beside the others. */
function draftOf(target?: object): Columns {
  if (!target || !('create' in target)) return {};
  const { customFields = {}, ...draft } = target.create as Columns & { customFields?: Columns };
  const custom = Object.entries(customFields).map(([key, value]) => [`custom.${key}`, value]);
  return { ...draft, ...Object.fromEntries(custom) };
}

/** The rest of an opportunity's draft has defaults of its own. */
const customOf = (target?: object): Columns =>
  Object.fromEntries(Object.entries(draftOf(target)).filter(([field]) => field.startsWith('custom.')));

const roleOf = ({ opportunity }: Wish): string | null => {
  if (!opportunity || 'none' in opportunity) return null;
  return ('create' in opportunity ? opportunity.create.role : opportunity.existing.role) ?? null;
};

const TABLES = { ACCOUNT: 'accounts', CONTACT: 'contacts', OPPORTUNITY: 'opportunities' } as const;

const emptied = (...fields: string[]): Columns => Object.fromEntries(fields.map((field) => [field, null]));

/** An empty record of each kind: what no rule fills. */
const NOTHING: Record<Target, Columns> = {
  ACCOUNT: emptied(
    ...['website', 'domain', 'industry', 'employees', 'annualRevenue', 'annualRevenueCurrency'],
    ...['phone', 'rating', ...ADDRESS],
  ),
  CONTACT: {
    ...emptied('firstName', 'title', 'email', 'phone', 'mobile', 'source', 'description', ...ADDRESS),
    ...{ doNotCall: false, emailOptOut: false },
  },
  OPPORTUNITY: emptied('source', 'campaignId'),
};

function writer(after: Organisation, before: Organisation, lead: Lead, wish: Wish, fields: PlannedField[]) {
  const recordsOf = (target: Target) => after[TABLES[target]] as (Account | Contact | Opportunity)[];
  const note = (merged: Merged): Columns => {
    fields.push(...merged.fields);
    return merged.columns;
  };
  return {
    fresh(target: Target, draft: Columns, rest: Columns): void {
      const columns = note(fieldsOfNew(target, lead, draft, before.settings));
      const record = { ...NOTHING[target], ...columns, ...rest, id: NEW[target], isDeleted: false };
      recordsOf(target).push(record as never);
    },
    existing(target: Target, id: Id): Outcome {
      const record = recordsOf(target).find((one) => one.id === id)!;
      const isTaken = (domain: string) =>
        before.accounts.some((one) => one.id !== id && !one.isDeleted && one.domain === domain);
      const columns = note(fieldsOfExisting(target, lead, record as never, wish, before.settings, isTaken));
      Object.assign(record, columns);
      return Object.keys(columns).length > 0 ? 'MERGED' : 'ATTACHED';
    },
  };
}

/** A new opportunity: what the input gives, else the defaults. */
function newDeal(
  { settings }: Organisation,
  lead: Lead,
  { opportunity }: Wish,
  accountName: string,
  now: Date,
): { columns: Columns; fields: PlannedField[] } {
  const draft = opportunity && 'create' in opportunity ? opportunity.create : {};
  const byPosition = settings.stages.toSorted((a, b) => a.position - b.position);
  const stage = byPosition.find(
    draft.stage ? ({ name }) => name === draft.stage : ({ isClosed }) => !isClosed,
  )!;
  const name = draft.name ?? `${lead.company ?? accountName}-`;
  const closeDate = draft.closeDate ?? lastDayOfQuarter(now, settings);
  const shown: [string, Value][] = [
    ['name', name],
    ['stage', stage.name],
    ['closeDate', closeDate],
    ...(draft.amount ? [['amount', draft.amount.minor] as [string, Value]] : []),
  ];
  return {
    columns: {
      ...{ name, closeDate, stageId: stage.id, isClosed: stage.isClosed },
      ...{ probability: stage.probability, forecastCategory: stage.forecastCategory },
      ...{ amount: draft.amount?.minor ?? null, currency: draft.amount?.currency ?? settings.currency },
    },
    fields: shown.map(([field, next]) => fieldWithout('OPPORTUNITY', field, next, false)),
  };
}
