import { ActivityType } from '../../src/activities/activity.enums.ts';
import { ActivityEntity } from '../../src/activities/activity.entity.ts';
import { CampaignEntity, CampaignMemberEntity } from '../../src/campaigns/campaign.entity.ts';
import { revertConversion, type RevertedConversion } from '../../src/conversion/revert.service.ts';
import type { RevertConversionInput } from '../../src/conversion/revert.inputs.ts';
import type { Transaction } from '../../src/database/database.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { Refusal, type UserErrorData } from '../../src/graphql/user-error.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { matchLeads } from '../../src/leads/lead-matching.ts';
import { OpportunityContactRoleEntity } from '../../src/opportunities/opportunity.entity.ts';
import { created, type Sales } from './sales.ts';

type Input = Omit<RevertConversionInput, 'conversion'>;

export function revert(
  sales: Sales,
  conversionId: string,
  input: Input = {},
  as: Principal = sales.admin,
): Promise<RevertedConversion> {
  return sales.world.database.write(as, (tx) => {
    sales.attempts++;
    return revertConversion(tx, as, { conversion: encodeId('LeadConversion', conversionId), ...input });
  });
}

/** The error a revert is refused with; fails when it is not, or when anything was written. */
export async function refusedRevert(
  sales: Sales,
  conversionId: string,
  input: Input = {},
): Promise<UserErrorData> {
  const before = await sales.everything();
  const error: unknown = await revert(sales, conversionId, input).then(
    () => new Error('It was reverted'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof Refusal)) throw error;
  expect(await sales.everything()).toEqual(before);
  expect(error.errors).toHaveLength(1);
  return error.errors[0]!;
}

/** What keeps a conversion from being undone, without the order. */
export async function blockersOf(sales: Sales, conversionId: string): Promise<string[][]> {
  const { code, blockers = [] } = await refusedRevert(sales, conversionId);
  expect(code).toBe('REVERT_BLOCKED');
  return blockers.map(({ type, id, reason }) => [type, id, reason]).sort();
}

type Row = Record<string, unknown>;

function insert(
  sales: Sales,
  create: (em: Transaction['em'], row: { organizationId: string; id: string }) => unknown,
): Promise<string> {
  return sales.insert(
    (row) =>
      ({ em }) =>
        create(em, row),
  );
}

const tracked = { createdAt: created, updatedAt: created };

export function activity(sales: Sales, fields: Partial<ActivityEntity> = {}): Promise<string> {
  return insert(sales, (em, row) =>
    em.create(ActivityEntity, {
      ...row,
      type: ActivityType.CALL,
      occurredAt: created,
      ...tracked,
      ...fields,
    }),
  );
}

export function campaign(sales: Sales, name: string): Promise<string> {
  return insert(sales, (em, row) =>
    em.create(CampaignEntity, { ...row, name, nameKey: name.toLowerCase(), ...tracked }),
  );
}

export function member(
  sales: Sales,
  fields: Partial<CampaignMemberEntity> & { campaignId: string },
): Promise<string> {
  return insert(sales, (em, row) =>
    em.create(CampaignMemberEntity, { ...row, createdAt: created, ...fields }),
  );
}

export function contactRole(
  sales: Sales,
  fields: Partial<OpportunityContactRoleEntity> & { opportunityId: string; contactId: string },
): Promise<string> {
  return insert(sales, (em, row) =>
    em.create(OpportunityContactRoleEntity, { ...row, createdAt: created, ...fields }),
  );
}

const ON_RECORD = new Set([
  'lead_conversion',
  'conversion_field',
  'audit_entry',
  'outbox_event',
  'idempotency_key',
]);

/** Every row people see, apart from versions, the times of changes, and what tells of conversions. */
export async function visible(sales: Sales): Promise<Record<string, Row[]>> {
  const all = await sales.everything();
  const gone = new Set(
    ['account', 'contact', 'opportunity'].flatMap((table) =>
      all[table]!.filter((row) => row['deleted_at'] !== null).map((row) => row['id']),
    ),
  );
  const isGone = (row: Row) => gone.has(row['id']) || gone.has(row['opportunity_id']);
  return Object.fromEntries(
    Object.entries(all)
      .filter(([table]) => !ON_RECORD.has(table))
      .map(([table, rows]) => [
        table,
        rows
          .filter((row) => !isGone(row))
          .map((row) =>
            Object.fromEntries(
              Object.entries(row).filter(([name]) => name !== 'version' && name !== 'updated_at'),
            ),
          )
          .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
      ]),
  );
}

/** Matches every lead to its account, as the API does when it makes one. */
export async function matchAll(sales: Sales): Promise<void> {
  const leads = await sales.rows<{ id: string }>('lead');
  await sales.world.database.write(sales.admin, (tx) =>
    matchLeads(
      tx,
      leads.map(({ id }) => id),
    ),
  );
}
