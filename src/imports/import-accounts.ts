import sql from 'sql-template-tag';
import { AccountEntity } from '../accounts/account.entity.ts';
import { accountKeys } from '../accounts/account.keys.ts';
import type { AccountDraft } from './account-rows.ts';
import type { Merge } from './bulk-write.ts';
import { RowProblem } from './csv-table.ts';
import { type Draft, type DraftTable, reporting } from './drafts.ts';
import type { KnownRecord, LinkTarget } from './known-records.ts';
import { type Outcome, ownerUser, type Run, type Sources, writeRecords } from './write-records.ts';

const SOURCES: Sources = {
  name: ['Name'],
  nameKey: ['Name'],
  matchKey: ['Name'],
  parentId: ['ParentId'],
  ownerId: ['OwnerId'],
  website: ['Website'],
  domain: ['Website'],
  industry: ['Industry'],
  industryKey: ['Industry'],
  employees: ['NumberOfEmployees'],
  annualRevenue: ['AnnualRevenue'],
  annualRevenueCurrency: ['AnnualRevenue'],
  phone: ['Phone'],
  street: ['BillingStreet'],
  city: ['BillingCity'],
  state: ['BillingState'],
  postalCode: ['BillingPostalCode'],
  country: ['BillingCountry'],
  rating: ['Rating'],
  type: ['Type'],
  typeLabel: ['Type'],
  description: ['Description'],
};

/** A domain given in Kontor outlives a blank website. */
const MERGES: Record<string, Merge> = { domain: 'keepUnlessGiven' };

export async function importAccounts(
  run: Run,
  table: DraftTable<AccountDraft>,
  known: ReadonlyMap<string, KnownRecord>,
  accounts: LinkTarget,
): Promise<Outcome> {
  const drafts = await parentsFirst(run, table, known);
  const target = { entity: AccountEntity, table, known, sources: SOURCES, merges: MERGES };
  return await writeRecords(run, target, drafts, (draft, id) => {
    const { name, parentId, ownerId, ...fields } = fieldsOf(draft);
    const values = {
      name,
      ...fields,
      ...accountKeys({ name, industry: fields.industry }),
      parentId: accounts.resolve('ParentId', parentId),
      ownerId: ownerUser(run, ownerId),
    };
    accounts.set(draft.externalId, id);
    return values;
  });
}

function fieldsOf(draft: AccountDraft & Draft): AccountDraft {
  const {
    line: _line,
    externalId: _id,
    createdAt: _created,
    modifiedAt: _modified,
    earliest: _earliest,
    ...fields
  } = draft;
  return fields;
}

/** Each account behind its parent, as its row's foreign key and the check of the link need it; rows in a cycle are rejected. */
async function parentsFirst(
  run: Run,
  table: DraftTable<AccountDraft>,
  known: ReadonlyMap<string, KnownRecord>,
): Promise<(AccountDraft & Draft)[]> {
  const drafts = [...table.drafts.values()];
  if (!drafts.some((draft) => draft.parentId !== null)) return drafts;
  const parentOf = await knownParents(run);
  for (const draft of drafts)
    if (table.columns.has('parentid') && !known.get(draft.externalId)?.isDeleted)
      parentOf.set(draft.externalId, draft.parentId);

  const ordered: (AccountDraft & Draft)[] = [];
  const settled = new Set<string>();
  for (const draft of drafts) {
    // Up to the first ancestor that has its place, or to one of this very walk: then the walk has met a cycle.
    const walk: string[] = [];
    const position = new Map<string, number>();
    let at: string | null = draft.externalId;
    while (at !== null && !settled.has(at) && !position.has(at)) {
      position.set(at, walk.length);
      walk.push(at);
      at = parentOf.get(at) ?? null;
    }
    const cycle = new Set(at !== null && position.has(at) ? walk.slice(position.get(at)) : []);
    for (const externalId of cycle) rejectCycle(run, table, externalId, cycle);
    for (const externalId of walk.reverse()) {
      settled.add(externalId);
      const own = table.drafts.get(externalId);
      if (own && !cycle.has(externalId)) ordered.push(own);
    }
  }
  return ordered;
}

function rejectCycle(
  run: Run,
  table: DraftTable<AccountDraft>,
  externalId: string,
  cycle: ReadonlySet<string>,
): void {
  const draft = table.drafts.get(externalId);
  if (!draft) return;
  reporting(run.report, table, { line: draft.line, id: externalId }, () => {
    const [first, ...others] = [...cycle].slice(0, 5);
    const path = [first, ...others, ...(cycle.size > 5 ? ['…'] : []), first].join(' → ');
    throw new RowProblem('ParentId', `makes the account its own ancestor: ${path}`);
  });
}

/** Salesforce id → that of its parent, of the accounts Kontor has: a new link may close a cycle with an old one. */
async function knownParents({ tx }: Run): Promise<Map<string, string | null>> {
  const { organizationId } = tx.tenant;
  const rows = await tx.query<{ child: string; parent: string }>(sql`
    select a.external_id as child, p.external_id as parent
    from account a join account p on p.organization_id = ${organizationId} and p.id = a.parent_id
    where a.organization_id = ${organizationId} and a.deleted_at is null and a.external_id is not null and p.external_id is not null`);
  return new Map(rows.map(({ child, parent }) => [child, parent]));
}
