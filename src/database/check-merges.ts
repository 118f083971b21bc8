import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { Invariant } from './check-invariants.ts';

/** [table, column]: what may refer to an account or a contact, apart from deleted rows. */
const REFERENCES = {
  account: [
    ['account', 'parent_id'],
    ['contact', 'account_id'],
    ['opportunity', 'account_id'],
    ['lead', 'matched_account_id'],
    ['lead_conversion', 'account_id'],
    ['activity', 'account_id'],
  ],
  contact: [
    ['lead_conversion', 'contact_id'],
    ['activity', 'contact_id'],
    ['opportunity_contact_role', 'contact_id'],
    ['campaign_member', 'contact_id'],
  ],
} as const;

const KEPT_DELETED = new Set(['account', 'contact', 'opportunity', 'lead']);

function referenced(organizationId: string, table: keyof typeof REFERENCES): Sql {
  const arms = REFERENCES[table].map(
    ([referring, column]) => sql`exists (
      select from ${raw(referring)} r where r.organization_id = ${organizationId} and r.${raw(column)} = m.id
        ${KEPT_DELETED.has(referring) ? raw('and r.deleted_at is null') : raw('')})`,
  );
  return sql`
    select m.id from ${raw(table)} m
    where m.organization_id = ${organizationId} and m.merged_into_id is not null and (${join(arms, ' or ')})`;
}

const survivorGone = (organizationId: string, table: keyof typeof REFERENCES) => sql`
    select m.id from ${raw(table)} m
    join ${raw(table)} s on s.organization_id = ${organizationId} and s.id = m.merged_into_id
    where m.organization_id = ${organizationId} and s.deleted_at is not null`;

const NOUNS = { account: 'Account', contact: 'Contact' } as const;

export const merges: Invariant[] = (['account', 'contact'] as const).flatMap((table): Invariant[] => [
  {
    name: `merged-${table}-has-survivor`,
    sentence: `What ${table}s were merged into is there, and not merged away itself.`,
    severity: 'error',
    recordType: NOUNS[table],
    violations: (organizationId) => survivorGone(organizationId, table),
  },
  {
    name: `merged-${table}-is-left`,
    sentence: `Nothing refers to a merged-away ${table}, but to what it was merged into.`,
    severity: 'error',
    recordType: NOUNS[table],
    violations: (organizationId) => referenced(organizationId, table),
  },
]);
