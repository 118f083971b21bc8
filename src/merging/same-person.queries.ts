import sql from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { type UserErrorData, UserErrorCode } from '../graphql/user-error.ts';
import { MatchMethod } from '../leads/lead.enums.ts';

const MAX_PEOPLE = 100;

/** Contacts of one e-mail address that a merge of their accounts brings together: each address is a warning. */
export async function contactsToMerge(
  tx: Transaction,
  accountIds: readonly string[],
): Promise<UserErrorData[]> {
  const { organizationId } = tx.tenant;
  const rows = await tx.query<{ email: string; ids: string[] }>(sql`
    select min(email) as email, array_agg(id order by created_at, id) as ids from contact
    where organization_id = ${organizationId} and account_id = any(${accountIds}::uuid[]) and deleted_at is null
      and email_key is not null
    group by email_key having count(distinct account_id) > 1
    order by email_key limit ${MAX_PEOPLE}`);
  return rows.map(({ email, ids }) => ({
    code: UserErrorCode.DUPLICATE_FOUND,
    message: `${ids.length} contacts have the e-mail address ${email}: merge them, if they are one person`,
    path: ['duplicates'],
    candidates: ids.map((id) => ({
      ...{ kind: 'Contact' as const, id, score: 1 },
      ...{ matchedOn: ['email'], method: MatchMethod.EXACT_NAME },
    })),
  }));
}
