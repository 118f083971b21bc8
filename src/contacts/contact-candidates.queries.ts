import sql, { type Sql } from 'sql-template-tag';
import { MatchMethod } from '../leads/lead.enums.ts';

/** What a person can still choose from. */
const MAX_CANDIDATES = 20;
/** How alike a contact is that is no exact match: the address at another company, the name at the same one. */
const SCORE_OF_EMAIL_ELSEWHERE = 0.9;
const SCORE_OF_NAME = 0.8;

/** A transaction or a snapshot. */
interface Reader {
  query<Row extends object>(statement: Sql): Promise<Row[]>;
}

export interface ContactCandidate {
  /** UUID. */
  id: string;
  /** 1 for the same e-mail address at the account, less for what may be another person. */
  score: number;
  matchedOn: string[];
  method: MatchMethod;
  isExact: boolean;
  /** The e-mail address is that of another contact that was merged into this one. */
  isFormer: boolean;
}

/** Contacts that may be this person, best first: with the same e-mail address anywhere, or the same name at the account. */
export async function contactCandidates(
  reader: Reader,
  organizationId: string,
  person: { accountId: string | null; emailKey: string | null; nameKey: string },
): Promise<ContactCandidate[]> {
  const { accountId, emailKey, nameKey } = person;
  const rows = await reader.query<{
    id: string;
    same_email: boolean;
    same_name: boolean;
    is_former: boolean;
    at_account: boolean;
  }>(sql`
    select id, bool_or(kind in ('EMAIL', 'FORMER_EMAIL')) as same_email, bool_or(kind = 'NAME') as same_name,
      bool_or(kind = 'FORMER_EMAIL') and not bool_or(kind = 'EMAIL') as is_former,
      coalesce(bool_or(account_id = ${accountId}), false) as at_account
    from (
      (select id, account_id, 'EMAIL' as kind from contact
       where organization_id = ${organizationId} and account_id = ${accountId} and email_key = ${emailKey}
         and deleted_at is null order by id limit ${MAX_CANDIDATES})
      union all
      (select id, account_id, 'EMAIL' from contact
       where organization_id = ${organizationId} and email_key = ${emailKey} and deleted_at is null
       limit ${MAX_CANDIDATES})
      union all
      (select s.id, s.account_id, 'FORMER_EMAIL' from contact m
       join contact s on s.organization_id = ${organizationId} and s.id = m.merged_into_id
       where m.organization_id = ${organizationId} and m.email_key = ${emailKey} and m.merged_into_id is not null
       limit ${MAX_CANDIDATES})
      union all
      (select id, account_id, 'NAME' from contact
       where organization_id = ${organizationId} and account_id = ${accountId} and name_key = ${nameKey}
         and deleted_at is null limit ${MAX_CANDIDATES})
    ) found
    group by id
    order by bool_or(kind in ('EMAIL', 'FORMER_EMAIL')) desc, coalesce(bool_or(account_id = ${accountId}), false) desc, id
    limit ${MAX_CANDIDATES}`);
  return rows.map(
    ({ id, same_email: sameEmail, same_name: sameName, at_account: atAccount, is_former: isFormer }) => ({
      ...{ id, isFormer },
      isExact: sameEmail && atAccount,
      score: sameEmail ? (atAccount ? 1 : SCORE_OF_EMAIL_ELSEWHERE) : SCORE_OF_NAME,
      matchedOn: [...(sameEmail ? ['email'] : []), ...(sameName ? ['name'] : [])],
      method: MatchMethod.EXACT_NAME,
    }),
  );
}
