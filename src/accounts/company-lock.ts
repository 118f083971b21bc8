import sql, { join } from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import type { CompanyKeys } from './account-candidates.queries.ts';

/**
 * Waits for every other transaction that may be creating this company, and lets none begin before this one ends: so two
 * leads of one new company make one account. Taken before looking for the company; always in the keys' order, so that
 * two transactions never wait for each other.
 */
export function lockCompany(tx: Transaction, company: CompanyKeys): Promise<void> {
  return lockCompanies(tx, [company]);
}

/** The same for several companies at once. */
export async function lockCompanies(tx: Transaction, companies: readonly CompanyKeys[]): Promise<void> {
  const named = companies.flatMap(({ domain, matchKey }) => [
    domain && `domain:${domain}`,
    matchKey && `name:${matchKey}`,
  ]);
  const keys = [...new Set(named)].filter((key) => key !== null && key !== '');
  if (keys.length === 0) return;
  const { organizationId } = tx.tenant;
  // A conflicting row is locked even where the update is then left out.
  await tx.query(sql`
    insert into company_lock (organization_id, key)
    values ${join(keys.sort().map((key) => sql`(${organizationId}, ${key})`))}
    on conflict (organization_id, key) do update set key = excluded.key where false`);
}
