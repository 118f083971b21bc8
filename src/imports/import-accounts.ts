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
  if (![...table.drafts.values()].some((draft) => draft.parentId !== null)) return [...table.drafts.values()];
  const survivors = await survivorKeys(run, known);
  const keyOf = (externalId: string) => survivors.get(externalId) ?? externalId;
  const drafts = [...table.drafts.values()].map((draft) => outsideItself(draft, table, keyOf));
  const draftOf = new Map(drafts.map((draft) => [draft.externalId, draft]));
  const parentOf = await knownParents(run);
  for (const draft of drafts) {
    const before = known.get(draft.externalId);
    if (table.columns.has('parentid') && !before?.isDeleted && !before?.survivorId)
      parentOf.set(draft.externalId, draft.parentId && keyOf(draft.parentId));
  }

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
      const own = draftOf.get(externalId);
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

/** An account whose parent was merged into it belongs to what that one belongs to. */
function outsideItself(
  draft: AccountDraft & Draft,
  table: DraftTable<AccountDraft>,
  keyOf: (externalId: string) => string,
): AccountDraft & Draft {
  const passed = new Set<string>();
  let { parentId } = draft;
  while (parentId !== null && parentId !== draft.externalId && keyOf(parentId) === draft.externalId) {
    if (passed.has(parentId)) return { ...draft, parentId: null };
    passed.add(parentId);
    parentId = table.drafts.get(parentId)?.parentId ?? null;
  }
  return { ...draft, parentId };
}

/** Salesforce id of a merged-away account → what its survivor is known by here. */
async function survivorKeys(
  { tx }: Run,
  known: ReadonlyMap<string, KnownRecord>,
): Promise<Map<string, string>> {
  const merged = [...known.values()].filter(({ survivorId }) => survivorId);
  if (merged.length === 0) return new Map();
  const rows = await tx.query<{ id: string; key: string }>(sql`
    select id, coalesce(external_id, id::text) as key from account
    where organization_id = ${tx.tenant.organizationId}
      and id = any(${merged.map(({ survivorId }) => survivorId)}::uuid[])`);
  const keys = new Map(rows.map(({ id, key }) => [id, key]));
  return new Map(merged.map(({ externalId, survivorId }) => [externalId, keys.get(survivorId!)!]));
}

/** What each account is known by (its Salesforce id, else ours) → its parent's: a new link may close a cycle with an old one. */
async function knownParents({ tx }: Run): Promise<Map<string, string | null>> {
  const { organizationId } = tx.tenant;
  const rows = await tx.query<{ child: string; parent: string }>(sql`
    select coalesce(a.external_id, a.id::text) as child, coalesce(p.external_id, p.id::text) as parent
    from account a join account p on p.organization_id = ${organizationId} and p.id = a.parent_id
    where a.organization_id = ${organizationId} and a.deleted_at is null`);
  return new Map(rows.map(({ child, parent }) => [child, parent]));
}
