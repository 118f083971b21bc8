import sql, { type Sql } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { BuyingRole } from '../contacts/contact.enums.ts';
import type { Transaction } from '../database/database.ts';
import { removedHere } from '../database/removed-import.ts';
import { OpportunityContactRoleEntity } from '../opportunities/opportunity.entity.ts';
import { insertRows } from './bulk-write.ts';
import type { ContactRoleDraft } from './contact-role-rows.ts';
import { type DraftTable, reporting } from './drafts.ts';
import { type LinkTarget, queryInBatches } from './known-records.ts';
import type { Run } from './write-records.ts';
import { claimedRows } from './claimed-rows.ts';

interface Role {
  opportunityId: string;
  contactId: string;
  role: BuyingRole | null;
  isPrimary: boolean;
}

type Wanted = Role & { externalId: string; createdAt: Date };
type Stored = Role & { id: string; externalId: string | null };

const keyOf = ({ opportunityId, contactId }: Role) => `${opportunityId} ${contactId}`;

/**
 * Who has a part in which deal, once. A blank role leaves the one we know; the main contact of the file takes the place
 * of ours, and without one in the file ours stays.
 */
export async function importContactRoles(
  run: Run,
  table: DraftTable<ContactRoleDraft>,
  targets: { opportunities: LinkTarget; contacts: LinkTarget },
): Promise<void> {
  const { tx, report } = run;
  const { type } = table;
  const wanted = await wantedRoles(run, table, targets);
  const stored = await storedRoles(tx, [...wanted.values()]);
  const known = claimedRows(wanted, stored, keyOf);
  const byExternalId = new Map(stored.map((role) => [role.externalId, role]));
  const primaries = new Map<string, string>();
  for (const role of stored) if (role.isPrimary) primaries.set(role.opportunityId, keyOf(role));
  for (const role of wanted.values()) if (role.isPrimary) primaries.set(role.opportunityId, keyOf(role));
  const isPrimary = (role: Role) => primaries.get(role.opportunityId) === keyOf(role);

  const from = new Map<string, Wanted>();
  const inserts = [];
  for (const [key, role] of wanted) {
    const row = known.get(key);
    // an external id stays with the row that has it
    const externalId = byExternalId.has(role.externalId) ? null : role.externalId;
    if (row) from.set(row.id, role);
    else inserts.push({ id: uuidv7(), ...role, externalId, isPrimary: isPrimary(role) });
  }
  const next = stored.map((role): Stored => {
    const { opportunityId, contactId } = from.get(role.id) ?? role;
    const told = from.get(role.id);
    const own = told && !byExternalId.has(told.externalId) ? told.externalId : null;
    const now = { opportunityId, contactId, role: told?.role ?? role.role, isPrimary: role.isPrimary };
    return { id: role.id, ...now, isPrimary: isPrimary(now), externalId: role.externalId ?? own };
  });
  const updates = next.filter((role, index) => JSON.stringify(role) !== JSON.stringify(stored[index]));
  // first those who are not the main contact any more: a deal never has two
  for (const one of [false, true])
    await updateRoles(tx, updates.filter((role) => role.isPrimary === one)); // prettier-ignore
  await insertRows(tx, OpportunityContactRoleEntity, inserts);
  const updated = updates.filter(({ id }) => from.has(id)).length;
  report.count(type, 'created', inserts.length);
  report.count(type, 'updated', updated);
  report.count(type, 'unchanged', wanted.size - inserts.length - updated);
}

/** The rows with our ids, those of one contact in one deal put together; of several main contacts the first counts. */
async function wantedRoles(
  { tx, report, now }: Run,
  table: DraftTable<ContactRoleDraft>,
  { opportunities, contacts }: { opportunities: LinkTarget; contacts: LinkTarget },
): Promise<Map<string, Wanted>> {
  const removed = await removedHere(tx, 'OpportunityContactRole', [...table.drafts.keys()]);
  const wanted = new Map<string, Wanted>();
  const withPrimary = new Set<string>();
  for (const draft of table.drafts.values()) {
    if (removed.has(draft.externalId)) {
      report.count(table.type, 'skippedDeleted');
      report.note(`{n} rows of ${table.file} were deleted in Kontor and stay so`);
      continue;
    }
    reporting(report, table, { line: draft.line, id: draft.externalId }, () => {
      const opportunityId = opportunities.resolve('OpportunityId', draft.opportunityId)!;
      const contactId = contacts.resolve('ContactId', draft.contactId)!;
      const isPrimary = draft.isPrimary && !withPrimary.has(opportunityId);
      if (draft.isPrimary && !isPrimary)
        report.note(`{n} rows of ${table.file} name a second main contact of a deal, which has one`);
      const { role, externalId, createdAt, earliest } = draft;
      const row = {
        opportunityId,
        contactId,
        role,
        isPrimary,
        externalId,
        createdAt: createdAt ?? earliest ?? now,
      };
      if (isPrimary) withPrimary.add(opportunityId);
      const first = wanted.get(keyOf(row));
      if (!first) {
        wanted.set(keyOf(row), row);
        return;
      }
      first.role ??= role;
      first.isPrimary ||= isPrimary;
      report.count(table.type, 'unchanged');
      report.note(`{n} rows of ${table.file} give a contact a second part in a deal, which keeps the first`);
    });
  }
  return wanted;
}

/** All roles of the deals, and those of the rows themselves. */
async function storedRoles(tx: Transaction, wanted: Wanted[]): Promise<Stored[]> {
  const rolesWhere = (condition: (batch: string[]) => Sql) => (batch: string[]) =>
    tx.query<Stored>(sql`
      select id, opportunity_id as "opportunityId", contact_id as "contactId", role, is_primary as "isPrimary",
        external_id as "externalId"
      from opportunity_contact_role
      where organization_id = ${tx.tenant.organizationId} and ${condition(batch)} order by id`);
  const ofDeals = await queryInBatches(
    new Set(wanted.map(({ opportunityId }) => opportunityId)),
    rolesWhere((batch) => sql`opportunity_id = any(${batch}::uuid[])`),
  );
  const ofRows = await queryInBatches(
    wanted.map(({ externalId }) => externalId),
    rolesWhere((batch) => sql`external_id = any(${batch}::text[])`),
  );
  return [...new Map([...ofDeals, ...ofRows].map((role) => [role.id, role])).values()];
}

async function updateRoles(tx: Transaction, roles: Stored[]): Promise<void> {
  await queryInBatches(
    roles.map((role) => JSON.stringify(role)),
    (batch) =>
      tx.query(sql`
        update opportunity_contact_role o set opportunity_id = r."opportunityId", contact_id = r."contactId", role = r.role,
          is_primary = r."isPrimary", external_id = r."externalId"
        from jsonb_to_recordset(${`[${batch.join()}]`}::jsonb) as r (id uuid, "opportunityId" uuid, "contactId" uuid, role text,
          "isPrimary" boolean, "externalId" text)
        where o.organization_id = ${tx.tenant.organizationId} and o.id = r.id`),
  );
}
