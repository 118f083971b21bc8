import sql, { type Sql } from 'sql-template-tag';
import { MatchMethod } from '../leads/lead.enums.ts';

/** Normalised names at least this similar (trigrams, 0 to 1) may be of one company. */
export const SIMILAR_NAME = 0.6;
/** What a person can still choose from. */
const MAX_CANDIDATES = 20;

/** A transaction or a snapshot. */
interface Reader {
  query<Row extends object>(statement: Sql): Promise<Row[]>;
}

/** What a company is recognised by. */
export interface CompanyKeys {
  domain: string | null;
  matchKey: string | null;
}

export interface AccountCandidate {
  /** UUID. */
  id: string;
  /** 1 for an exact match, else the similarity of the names. */
  score: number;
  matchedOn: string[];
  method: MatchMethod;
}

/** Accounts that may be this company, best first: with the same domain or name, then with a similar name. */
export async function accountCandidates(
  reader: Reader,
  organizationId: string,
  { domain, matchKey }: CompanyKeys,
): Promise<AccountCandidate[]> {
  const rows = await reader.query<{
    id: string;
    score: number;
    same_domain: boolean;
    same_name: boolean;
  }>(sql`
    select id, max(score) as score, bool_or(kind = 'DOMAIN') as same_domain, bool_or(kind = 'NAME') as same_name
    from (
      (select id, 1::real as score, 'DOMAIN' as kind from account
       where organization_id = ${organizationId} and domain = ${domain} and deleted_at is null
       limit ${MAX_CANDIDATES})
      union all
      (select id, 1, 'NAME' from account
       where organization_id = ${organizationId} and match_key = ${matchKey} and deleted_at is null
       limit ${MAX_CANDIDATES})
      union all
      select id, similarity, 'SIMILAR' from account_match_similar(${organizationId}, ${matchKey}, ${SIMILAR_NAME})
    ) found
    group by id order by bool_or(kind <> 'SIMILAR') desc, score desc, id limit ${MAX_CANDIDATES}`);
  return rows.map(({ id, score, same_domain: sameDomain, same_name: sameName }) => ({
    id,
    score,
    matchedOn: [...(sameDomain ? ['domain'] : []), ...(sameName || !sameDomain ? ['name'] : [])],
    method: sameDomain ? MatchMethod.DOMAIN : sameName ? MatchMethod.EXACT_NAME : MatchMethod.SIMILAR_NAME,
  }));
}

export function isExact(candidate: { method: MatchMethod }): boolean {
  return candidate.method !== MatchMethod.SIMILAR_NAME;
}
