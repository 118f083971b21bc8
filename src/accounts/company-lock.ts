import sql, { join } from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import type { CompanyKeys } from './account-candidates.queries.ts';

/**
 * Waits for every other transaction that may be creating this company, and lets none begin before this one ends: so two
 * leads of one new company make one account. Taken before looking for the company; always in the keys' order, so that
 * two transactions never wait for each other.
 */
export function lockCompany(tx: Transaction, company: CompanyKeys): Promise<void> {
  return lockCompanyKeys(tx, companyLockKeys(company));
}

/** What stands for a company while it is locked. */
export function companyLockKeys({ domain, matchKey }: CompanyKeys): string[] {
  return [...(domain ? [`domain:${domain}`] : []), ...(matchKey ? [`name:${matchKey}`] : [])];
}

/**
 * Merges of an organisation and changes of its accounts' hierarchy wait for each other: so neither two merges that cross
 * nor one that meets a new parent needs a further thought.
 */
export function lockMerges(tx: Transaction): Promise<void> {
  return lockCompanyKeys(tx, ['merges']);
}

/** The same for several companies; two calls in one transaction could wait for another one's two. */
export async function lockCompanyKeys(tx: Transaction, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const { organizationId } = tx.tenant;
  // A conflicting row is locked even where the update is then left out.
  await tx.query(sql`
    insert into company_lock (organization_id, key)
    values ${join([...new Set(keys)].sort().map((key) => sql`(${organizationId}, ${key})`))}
    on conflict (organization_id, key) do update set key = excluded.key where false`);
}
