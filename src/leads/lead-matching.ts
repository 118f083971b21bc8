import sql, { type Sql } from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { COMPANY_COLUMNS, sameCompany, similarCompany } from './account-evidence.ts';

/** Leads per statement: keeps the time a statement holds their rows short. */
const BATCH = 500;
/** Leads that a change of one account matches anew, in its transaction; the oldest first. */
const MAX_REMATCHED = 1000;

/**
 * Finds the account of each lead and stores it with the way it was found. The first of these that finds any decides:
 * same registrable domain; same normalised name; similar name and the same country, state, city, phone or industry.
 * Two accounts found there are a tie: `AMBIGUOUS`, none is picked. Not an edit of the lead, so its version and
 * `updatedAt` stay. Left alone: converted leads, those a person matched (unless that account is gone), and those
 * another transaction holds: waiting for them here could be a deadlock, and whoever changes a lead matches it.
 */
export async function matchLeads(tx: Transaction, leadIds: readonly string[]): Promise<void> {
  await tx.em.flush();
  const matched: Matched[] = [];
  for (let start = 0; start < leadIds.length; start += BATCH)
    matched.push(...(await match(tx, leadIds.slice(start, start + BATCH))));
  const left = await matchedToRemoved(tx, matched);
  if (left.length > 0) await matchLeads(tx, left);
}

/**
 * Matches anew the open leads an account's creation, change or removal may concern: those with its domain or its name,
 * as they are and as they were, and those matched to it.
 */
export async function rematchLeadsOfAccount(
  tx: Transaction,
  accountId: string,
  before: { domain?: string | null; matchKey?: string | null } = {},
): Promise<void> {
  await tx.em.flush();
  const { organizationId } = tx.tenant;
  const keysOf = (column: Sql, former: string | null | undefined) => sql`
    select ${column} from account where organization_id = ${organizationId} and id = ${accountId}
    union select ${former ?? null}::text`;
  const open = sql`organization_id = ${organizationId} and deleted_at is null and not is_converted`;
  // Asked first, since mostly there is none: matching is dear to plan.
  const leads = await tx.query<{ id: string }>(sql`
    select id from lead where ${open} and domain in (${keysOf(sql`domain`, before.domain)})
    union
    select id from lead where ${open} and match_key in (${keysOf(sql`match_key`, before.matchKey)})
    union
    select id from lead where ${open} and matched_account_id = ${accountId}
    order by id limit ${MAX_REMATCHED}`);
  await matchLeads(
    tx,
    leads.map(({ id }) => id),
  );
}

interface Matched {
  id: string;
  account_id: string | null;
}

/** Returns the leads whose match is another now. */
async function match(tx: Transaction, leadIds: readonly string[]): Promise<Matched[]> {
  const { organizationId } = tx.tenant;
  return tx.query<Matched>(sql`
    with open_lead as materialized (
      select ${COMPANY_COLUMNS} from lead
      where organization_id = ${organizationId} and id = any(${leadIds}::uuid[]) and deleted_at is null and not is_converted
        and (match_method <> 'MANUAL' or not exists (
          select from account where organization_id = ${organizationId} and id = lead.matched_account_id
            and deleted_at is null))
      order by id for no key update skip locked
    ),
    same as materialized (${sameCompany(organizationId, sql`open_lead`, sql`limit 2`)}
    ),
    found as materialized (
      select * from same
      union all ${similarCompany(organizationId, sql`open_lead`)}
        and not exists (select from same where same.lead_id = l.id)
    ),
    decided as materialized (
      select distinct on (l.id) l.id,
        case when count(*) over tied = 1 then account_id end as account_id,
        case when tier is null then 'NONE' when count(*) over tied = 1 then method else 'AMBIGUOUS' end as method,
        coalesce(max(score) over tied, 0) as score
      from open_lead l left join found on found.lead_id = l.id
      window tied as (partition by l.id, tier)
      order by l.id, tier
    )
    update lead l set matched_account_id = decided.account_id, match_method = decided.method, match_score = decided.score
    from decided
    where l.organization_id = ${organizationId} and l.id = decided.id
      and (l.matched_account_id, l.match_method, l.match_score)
        is distinct from (decided.account_id, decided.method, decided.score)
    returning l.id, decided.account_id`);
}

/** Those whose account was removed while it was being matched: storing the match waits for the removal to end. */
async function matchedToRemoved(tx: Transaction, matched: Matched[]): Promise<string[]> {
  const found = matched.filter(({ account_id }) => account_id !== null);
  if (found.length === 0) return [];
  const { organizationId } = tx.tenant;
  const removed = await tx.query<{ id: string }>(sql`
    select id from account
    where organization_id = ${organizationId} and id = any(${found.map(({ account_id }) => account_id)}::uuid[])
      and deleted_at is not null`);
  const gone = new Set(removed.map(({ id }) => id));
  return found.filter(({ account_id }) => gone.has(account_id!)).map(({ id }) => id);
}
