import sql, { raw } from 'sql-template-tag';
import { accountKeys } from '../accounts/account.keys.ts';
import { campaignKeys } from '../campaigns/campaign.keys.ts';
import { contactKeys } from '../contacts/contact.keys.ts';
import type { NodeType } from '../graphql/ids.ts';
import { leadKeys } from '../leads/lead.keys.ts';
import { opportunityKeys } from '../opportunities/opportunity.keys.ts';
import type { Snapshot } from './snapshot.ts';

type Keys = Record<string, string | null>;

/** A table with columns derived from others by our own code, which SQL can't redo. */
export interface DerivedColumns {
  table: string;
  recordType: NodeType;
  /** Selected under the names the derivation knows them by. */
  columns: string;
  /** Takes the row's own columns and gives what the derived ones should be. */
  derive: (row: never) => Keys;
}

export const derivedColumns: DerivedColumns[] = [
  {
    table: 'account',
    recordType: 'Account',
    columns: 'name, industry, name_key as "nameKey", match_key as "matchKey", industry_key as "industryKey"',
    derive: accountKeys,
  },
  {
    table: 'contact',
    recordType: 'Contact',
    columns: `first_name as "firstName", last_name as "lastName", email, title,
      name_key as "nameKey", email_key as "emailKey", title_key as "titleKey"`,
    derive: contactKeys,
  },
  {
    table: 'lead',
    recordType: 'Lead',
    columns: `first_name as "firstName", last_name as "lastName", company, email, website, source, name_key as "nameKey",
      company_key as "companyKey", match_key as "matchKey", email_key as "emailKey", domain, source_key as "sourceKey"`,
    derive: leadKeys,
  },
  {
    table: 'opportunity',
    recordType: 'Opportunity',
    columns: 'name, source, name_key as "nameKey", source_key as "sourceKey"',
    derive: opportunityKeys,
  },
  {
    table: 'campaign',
    recordType: 'Campaign',
    columns: 'name, type, name_key as "nameKey", type_key as "typeKey"',
    derive: campaignKeys,
  },
];

const CHUNK = 5000;

/** The ids of the rows whose derived columns are not what our code derives today. */
export async function wrongKeys(
  snapshot: Snapshot,
  organizationId: string,
  { table, columns, derive }: DerivedColumns,
): Promise<string[]> {
  const wrong: string[] = [];
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows = await snapshot.query<Keys & { id: string }>(sql`
      select id, ${raw(columns)} from ${raw(table)}
      where organization_id = ${organizationId} and id > ${after} order by id limit ${CHUNK}`);
    for (const row of rows) {
      const expected = Object.entries(derive(row as never));
      if (expected.some(([column, value]) => row[column] !== value)) wrong.push(row.id);
    }
    if (rows.length < CHUNK) return wrong;
    after = rows.at(-1)!.id;
  }
}
