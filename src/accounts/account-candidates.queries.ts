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
  /** An exact match only by what another account had that was merged into this one. */
  isFormer: boolean;
}

/** Accounts that may be this company, best first: with the same domain or name (or merged with one), then with a similar name. */
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
    is_former: boolean;
  }>(sql`
    select id, max(score) as score, bool_or(kind = 'DOMAIN') as same_domain, bool_or(kind = 'NAME') as same_name,
      coalesce(bool_and(is_former) filter (where kind <> 'SIMILAR'), false) as is_former
    from (
      (select id, 1::real as score, 'DOMAIN' as kind, false as is_former from account
       where organization_id = ${organizationId} and domain = ${domain} and deleted_at is null
       limit ${MAX_CANDIDATES})
      union all
      (select id, 1, 'NAME', false from account
       where organization_id = ${organizationId} and match_key = ${matchKey} and deleted_at is null
       limit ${MAX_CANDIDATES})
      union all
      (select merged_into_id, 1, 'DOMAIN', true from account
       where organization_id = ${organizationId} and domain = ${domain} and merged_into_id is not null
       limit ${MAX_CANDIDATES})
      union all
      (select merged_into_id, 1, 'NAME', true from account
       where organization_id = ${organizationId} and match_key = ${matchKey} and merged_into_id is not null
       limit ${MAX_CANDIDATES})
      union all
      select id, similarity, 'SIMILAR', false from account_match_similar(${organizationId}, ${matchKey}, ${SIMILAR_NAME})
    ) found
    group by id order by bool_or(kind <> 'SIMILAR') desc, score desc, id limit ${MAX_CANDIDATES}`);
  return rows.map(({ id, score, same_domain: sameDomain, same_name: sameName, is_former: isFormer }) => ({
    ...{ id, score, isFormer },
    matchedOn: [...(sameDomain ? ['domain'] : []), ...(sameName || !sameDomain ? ['name'] : [])],
    method: sameDomain ? MatchMethod.DOMAIN : sameName ? MatchMethod.EXACT_NAME : MatchMethod.SIMILAR_NAME,
  }));
}

export function isExact(candidate: { method: MatchMethod }): boolean {
  return candidate.method !== MatchMethod.SIMILAR_NAME;
}
