import sql from 'sql-template-tag';
import { isCustom } from '../database/custom-names.ts';
import type { Snapshot } from '../database/snapshot.ts';
import { encodeId, type NodeType } from '../graphql/ids.ts';
import { fromMinor } from '../graphql/money.ts';
import type { ActorData, AuditEntry } from './audit.type.ts';
import type { ConversionDetails } from './audit-record.ts';

interface EntryRow {
  recordId: string;
  at: string;
  action: string;
  kind: ActorData['kind'];
  userUuid: string | null;
  name: string;
  before: unknown;
  after: unknown;
  details: ConversionDetails | null;
}

/** The journal of each conversion, oldest first: its conversion, and its undoing. */
export async function auditOfConversions(
  snapshot: Snapshot,
  organization: { id: string; currency: string },
  conversionIds: readonly string[],
): Promise<AuditEntry[][]> {
  const rows = await snapshot.query<EntryRow>(sql`
    select e.record_id as "recordId", e.at, e.action, e.actor_kind as kind, e.actor_user_id as "userUuid",
      e.actor_name as name, e.before, e.after, e.details
    from audit_entry e
    where e.organization_id = ${organization.id} and e.record_type = 'LeadConversion'
      and e.record_id = any(${conversionIds}::uuid[])
    order by e.at, e.id`);
  const byConversion = Map.groupBy(rows, ({ recordId }) => recordId);
  return conversionIds.map((id) =>
    (byConversion.get(id) ?? []).map(({ at, action, kind, userUuid, name, before, after, details }) => ({
      at,
      action,
      actor: { kind, userUuid, name },
      before: shown(before, organization.currency),
      after: shown(after, organization.currency),
      proposedBy: details?.proposedBy ?? null,
      plan: details?.plan ?? null,
      policies: details?.policies ?? null,
    })),
  );
}

/** Columns that refer to a record, and the type of it; each is shown as the record's public id. */
const REFERENCES: Record<string, NodeType> = {
  accountId: 'Account',
  contactId: 'Contact',
  opportunityId: 'Opportunity',
  conversionId: 'LeadConversion',
  matchedAccountId: 'Account',
  parentId: 'Account',
  ownerId: 'User',
  queueId: 'Queue',
  statusId: 'LeadStatus',
  stageId: 'Stage',
};
const MONEY = new Set(['amount', 'annualRevenue']);
/** Says nothing that other columns don't say. */
const isDerived = (column: string) =>
  (column.endsWith('Key') && !isCustom(column)) || column === 'stagePosition';

/** What is stored, as the API shows it: public ids, and decimals instead of minor units. */
function shown(value: unknown, currency: string): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const columns = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(columns)
      .filter(([column]) => !isDerived(column) && column !== 'campaignId')
      .map(([column, part]) => {
        const type = REFERENCES[column];
        if (type) return [column.slice(0, -2), typeof part === 'string' ? encodeId(type, part) : null];
        if (MONEY.has(column) && typeof part === 'string') {
          const own = columns[column === 'amount' ? 'currency' : `${column}Currency`];
          return [column, fromMinor(part, typeof own === 'string' ? own : currency)];
        }
        return [column, shown(part, currency)];
      }),
  );
}
