import sql, { join, type Sql } from 'sql-template-tag';
import { CONFIRM_OPT_OUTS, OPT_OUTS } from '../contacts/opt-outs.ts';
import { isCustom } from '../database/custom-names.ts';
import type { Transaction } from '../database/database.ts';
import type { RevertBlockerData } from '../graphql/user-error.ts';
import {
  addedCustom,
  changedColumns,
  type ConversionEffects,
  type Effect,
  type EffectTable,
  type Image,
  type Images,
} from './conversion-effects.ts';
import { ConversionTarget } from './conversion.enums.ts';
import { mergesSince } from './merge-blockers.ts';

export type Blocker = Omit<RevertBlockerData, 'conversionId'>;

/** As many blockers of a kind are told; the rest shows once those are gone. */
const MAX_OF_A_KIND = 100;

export interface Reverting {
  conversionId: string;
  effects: ConversionEffects;
  leadId: string;
  /** The records converted into. */
  accountId: string | null;
  contactId: string | null;
  opportunityId: string | null;
}

const RECORDS = {
  lead: 'Lead',
  account: 'Account',
  contact: 'Contact',
  opportunity: 'Opportunity',
  activity: 'Activity',
} as const;

/** A column as the API names its field; custom fields have their names already. */
export function fieldOf(column: string): string {
  if (isCustom(column)) return column;
  return column.replace(/_id$/, '').replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Columns that only follow others. */
const isDerived = (column: string) =>
  (column.endsWith('_key') && !isCustom(column)) || column === 'stage_position';

export const effectsOn = ({ effects }: Reverting, table: EffectTable) =>
  effects.changes.filter((effect) => effect.table === table);

/** The id of the account, contact or opportunity the conversion made; null when it joined one. */
export function createdId(reverting: Reverting, table: 'account' | 'contact' | 'opportunity'): string | null {
  return effectsOn(reverting, table).find(({ before }) => before === null)?.id ?? null;
}

/** What the lead gets back that is somebody else's to remove: UUIDs, null where that is as it was. */
export function formerOf(reverting: Reverting): { statusId: string | null; queueId: string | null } {
  const before = effectsOn(reverting, 'lead')[0]?.before;
  return { statusId: before?.['status_id'] ?? null, queueId: before?.['queue_id'] ?? null };
}

/**
 * Everything that was built on a conversion, so that undoing it would undo more than itself. `isMerged`: what is in the
 * way are merges, which nobody can undo.
 */
export async function revertBlockers(
  tx: Transaction,
  reverting: Reverting,
  current: Images,
): Promise<{ blockers: RevertBlockerData[]; isMerged: boolean }> {
  const merges = await mergesSince(tx, reverting);
  const blockers =
    // the rest would only tell the same in many words
    merges.length > 0
      ? merges
      : [
          ...reverting.effects.changes.flatMap((effect) => changesSince(reverting, effect, current)),
          ...(await attachedSince(tx, reverting)),
          ...(await reliedOn(tx, reverting)),
        ];
  return {
    blockers: blockers.map((blocker) => ({ ...blocker, conversionId: reverting.conversionId })),
    isMerged: merges.length > 0,
  };
}

/** The record that stands for a row: contact roles, memberships and hand-offs are no records of their own. */
function recordOf({ leadId, contactId, opportunityId }: Reverting, { table, id }: Effect) {
  if (table === 'campaign_member') return { type: 'Contact' as const, id: contactId! };
  if (table === 'lead_handoff') return { type: 'Lead' as const, id: leadId };
  if (table === 'opportunity_contact_role') return { type: 'Opportunity' as const, id: opportunityId! };
  return { type: RECORDS[table], id };
}

const THINGS = {
  lead: 'The lead',
  account: 'The account',
  contact: 'The contact',
  opportunity: 'The opportunity',
  activity: 'An activity of the lead',
  campaign_member: 'A campaign membership of the lead',
  opportunity_contact_role: "The contact's role in the deal",
  lead_handoff: 'The hand-off of the lead',
} as const satisfies Record<EffectTable, string>;

function changesSince(reverting: Reverting, effect: Effect, current: Images): Blocker[] {
  const { table, id, after } = effect;
  if (after === null) return [];
  const thing = THINGS[table];
  const { type, id: recordId } = recordOf(reverting, effect);
  const now: Image | undefined = current.rows.get(`${table} ${id}`)?.image;
  if (!now || (now['deleted_at'] ?? null) !== null)
    return [{ type, id: recordId, reason: `${thing} was removed or merged since` }];
  const added = effect.before === null ? addedCustom(after, now) : [];
  const columns = [...changedColumns(now, after), ...added].filter((column) => !isDerived(column));
  if (columns.length === 0) return [];
  if (table === 'opportunity' && columns.includes('stage_id'))
    return [{ type, id: recordId, reason: 'The opportunity was moved to another stage since' }];
  return [{ type, id: recordId, reason: `${thing} was changed since: ${columns.map(fieldOf).join(', ')}` }];
}

/** What refers to a record the conversion made, and was not put there by it. */
async function attachedSince(tx: Transaction, reverting: Reverting): Promise<Blocker[]> {
  const { organizationId } = tx.tenant;
  const { conversionId, leadId } = reverting;
  const account = createdId(reverting, 'account');
  const contact = createdId(reverting, 'contact');
  const opportunity = createdId(reverting, 'opportunity');
  const { statusId, queueId } = formerOf(reverting);
  const own = (table: EffectTable) => effectsOn(reverting, table).map(({ id }) => id);
  const given = effectsOn(reverting, 'contact').flatMap(({ before, after }) =>
    before === null ? [] : Object.keys(after ?? {}).map(fieldOf),
  );
  const optOuts = OPT_OUTS.filter((field) => given.includes(field));
  const campaigns = effectsOn(reverting, 'campaign_member').flatMap(({ before, after }) =>
    after === null || 'lead_id' in after ? (before?.['campaign_id'] ?? []) : [],
  );
  const arm = (type: RevertBlockerData['type'], reason: string, rows: Sql) =>
    sql`(select ${type}::text as type, id, ${reason}::text as reason from (${rows}) r order by id limit ${MAX_OF_A_KIND})`;
  return tx.query<Blocker>(
    join(
      [
        arm(
          'Lead',
          'The status or the queue that the lead had was removed since',
          sql`select ${leadId}::uuid as id
              where ${statusId}::uuid is not null and not exists (
                  select from lead_status where organization_id = ${organizationId} and id = ${statusId}::uuid)
                or ${queueId}::uuid is not null and not exists (
                  select from queue where organization_id = ${organizationId} and id = ${queueId}::uuid)`,
        ),
        arm(
          'Contact',
          'The opt-out that the conversion had given the contact was asked for since',
          sql`select distinct record_id as id from audit_entry
              where organization_id = ${organizationId} and record_id = ${reverting.contactId}::uuid
                and action in ('updateContact', ${CONFIRM_OPT_OUTS})
                and exists (select from unnest(${optOuts}::text[]) field where after ->> field = 'true')
                and at > (select converted_at from lead_conversion where organization_id = ${organizationId} and id = ${conversionId})`,
        ),
        arm(
          'LeadConversion',
          'Another lead was converted into a record of this conversion',
          sql`select id from lead_conversion
              where organization_id = ${organizationId} and id <> ${conversionId} and reverted_at is null
                and (account_id = ${account}::uuid or contact_id = ${contact}::uuid or opportunity_id = ${opportunity}::uuid)`,
        ),
        arm(
          'Contact',
          'A contact was added to the account since',
          sql`select id from contact
              where organization_id = ${organizationId} and account_id = ${account}::uuid and deleted_at is null
                and id is distinct from ${contact}::uuid`,
        ),
        arm(
          'Opportunity',
          'An opportunity was added to the account since',
          sql`select id from opportunity
              where organization_id = ${organizationId} and account_id = ${account}::uuid and deleted_at is null
                and id is distinct from ${opportunity}::uuid`,
        ),
        arm(
          'Account',
          'An account was put under the account since',
          sql`select id from account
              where organization_id = ${organizationId} and parent_id = ${account}::uuid and deleted_at is null`,
        ),
        arm(
          'Activity',
          'An activity was added since',
          sql`select id from activity
              where organization_id = ${organizationId} and id <> all(${own('activity')}::uuid[])
                and (account_id = ${account}::uuid or contact_id = ${contact}::uuid or opportunity_id = ${opportunity}::uuid)`,
        ),
        arm(
          'Opportunity',
          'The contact was given a role in this deal since',
          sql`select r.opportunity_id as id from opportunity_contact_role r
              join opportunity o on o.organization_id = ${organizationId} and o.id = r.opportunity_id and o.deleted_at is null
              where r.organization_id = ${organizationId} and r.contact_id = ${contact}::uuid
                and r.id <> all(${own('opportunity_contact_role')}::uuid[])`,
        ),
        arm(
          'Contact',
          'The contact was given a role in the deal since',
          sql`select r.contact_id as id from opportunity_contact_role r
              where r.organization_id = ${organizationId} and r.opportunity_id = ${opportunity}::uuid
                and r.id <> all(${own('opportunity_contact_role')}::uuid[])`,
        ),
        arm(
          'Contact',
          'The contact was added to a campaign since',
          sql`select distinct contact_id as id from campaign_member
              where organization_id = ${organizationId} and contact_id = ${contact}::uuid
                and id <> all(${own('campaign_member')}::uuid[])`,
        ),
        arm(
          'Lead',
          'The lead was added to a campaign since that it was in before',
          sql`select distinct lead_id as id from campaign_member
              where organization_id = ${organizationId} and lead_id = ${leadId} and campaign_id = any(${campaigns}::uuid[])`,
        ),
      ],
      ' union all ',
    ),
  );
}

/**
 * Later conversions that still stand and would have come out otherwise without this one: they found a field this one had
 * written, the contact's role in the deal it had given, or a campaign membership it had moved.
 */
async function reliedOn(tx: Transaction, reverting: Reverting): Promise<Blocker[]> {
  const { organizationId } = tx.tenant;
  const { conversionId, effects, accountId, contactId, opportunityId } = reverting;
  const written = (table: 'account' | 'contact' | 'opportunity') =>
    effectsOn(reverting, table).flatMap(({ before, after }) =>
      before === null ? [] : Object.keys(after ?? {}).map(fieldOf),
    );
  const hasRole = effectsOn(reverting, 'opportunity_contact_role').length > 0;
  const campaigns = effectsOn(reverting, 'campaign_member').flatMap(
    ({ before }) => before?.['campaign_id'] ?? [],
  );
  const memberships = effectsOn(reverting, 'campaign_member').map(({ id }) => id);
  return tx.query<Blocker>(sql`
    select 'LeadConversion' as type, c.id, 'A later conversion relies on what this one wrote' as reason
    from lead_conversion c
    where c.organization_id = ${organizationId} and c.id <> ${conversionId} and c.reverted_at is null
      and (c.account_id = ${accountId}::uuid or c.contact_id = ${contactId}::uuid or c.opportunity_id = ${opportunityId}::uuid)
      and (c.effects ->> 'at')::timestamptz > ${effects.at}::timestamptz
      and (
        exists (
          select from conversion_field f
          where f.organization_id = ${organizationId} and f.conversion_id = c.id and (
            f.target = ${ConversionTarget.ACCOUNT} and c.account_id = ${accountId}::uuid and f.field = any(${written('account')}::text[])
            or f.target = ${ConversionTarget.CONTACT} and c.contact_id = ${contactId}::uuid and f.field = any(${written('contact')}::text[])
            or f.target = ${ConversionTarget.OPPORTUNITY} and c.opportunity_id = ${opportunityId}::uuid
              and f.field = any(${written('opportunity')}::text[])))
        or ${hasRole}::boolean and c.contact_id = ${contactId}::uuid and c.opportunity_id = ${opportunityId}::uuid
        or c.contact_id = ${contactId}::uuid and exists (
          select from jsonb_array_elements(c.effects -> 'changes') e
          where e ->> 'table' = 'campaign_member'
            and (e ->> 'id' = any(${memberships}::text[]) or e #>> '{before,campaign_id}' = any(${campaigns}::text[])))
      )
    order by c.id limit ${MAX_OF_A_KIND}`);
}
