import { UniqueConstraintViolationException } from '@mikro-orm/core';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { campaignsNamed } from '../campaigns/campaign-reference.ts';
import { CustomRecordType } from '../custom-fields/custom-field.enums.ts';
import { heldCustomFields, readCustomValues } from '../custom-fields/custom-values.ts';
import { newValues, withCustomNames } from '../database/custom-names.ts';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { BatchMode, MAX_BATCH } from '../graphql/batch-mode.ts';
import { type BatchOutcome, BatchRefusal } from '../graphql/batch-refusal.ts';
import { clientRefErrors } from '../graphql/client-ref.ts';
import { Judged } from '../graphql/judged.ts';
import { invalidInput } from '../graphql/user-error.ts';
import { heldLeadStatuses } from '../identity/held-settings.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { Principal } from '../identity/principal.ts';
import { leadOwners } from '../identity/record-owner.ts';
import { requireRight } from '../identity/rights.ts';
import type { CreateLeadsInput } from './lead-batch.inputs.ts';
import { LeadEntity } from './lead.entity.ts';
import { leadKeys } from './lead.keys.ts';
import { matchLeads } from './lead-matching.ts';
import { leadColumns } from './lead.service.ts';
import { firstOpenStatus, statusNamed } from './lead-status.ts';

/** What became of one item: the lead's UUID, or why there is none. */
export type ItemOutcome = BatchOutcome<{ id: string }>;

/** Another transaction took an external id after it was looked up: run again, and it is found. */
class ExternalIdTaken extends Error {
  /** PostgreSQL's `serialization_failure`, upon which a transaction is tried again. */
  readonly code = '40001';
}

/** Makes up to 100 leads with a bounded number of statements and matches them in one. One outcome for each item. */
export function createLeads(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: CreateLeadsInput,
): Promise<ItemOutcome[]> {
  requireRight(principal, 'lead:write');
  return once(tx, principal, 'createLeads', input.idempotencyKey, input, async () => {
    const { length } = input.items;
    if (length === 0 || length > MAX_BATCH)
      throw invalidInput('items', `items must have 1 to ${MAX_BATCH} leads, not ${length}`);
    const { items, columns } = await judged(tx, principal, organization, input);
    if (input.mode !== BatchMode.PER_RECORD && items.some(({ errors }) => errors.length > 0))
      throw new BatchRefusal(
        items.map(({ errors }) => errors),
        'made',
      );
    const outcomes = items.map(({ errors }): ItemOutcome =>
      errors.length > 0 ? { errors } : { id: uuidv7() },
    );
    const at = new Date();
    const made = outcomes.flatMap((outcome, index) =>
      'id' in outcome ? [{ id: outcome.id, ...columns(index) }] : [],
    );
    for (const lead of made)
      tx.em.create(LeadEntity, {
        organizationId: organization.id,
        ...lead,
        ...leadKeys(lead),
        createdAt: at,
        updatedAt: at,
      });
    await flush(tx);
    for (const { id, ...after } of made)
      record(tx, principal, {
        ...{ recordType: 'Lead', recordId: id, action: 'createLead' },
        ...{ after: withCustomNames(after), at },
      });
    await matchLeads(
      tx,
      made.map(({ id }) => id),
    );
    return outcomes;
  });
}

/** Every item with its errors, and the columns of those that have none. */
async function judged(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  { items: given }: CreateLeadsInput,
) {
  const inputs = given.map(({ input }) => input);
  const items = inputs.map((_, index) => new Judged(['items', String(index), 'input']));
  const judge = <T>(rule: (input: (typeof inputs)[number], index: number) => T) =>
    items.map((item, index) => item.by(() => rule(inputs[index]!, index)));

  for (const [index, { clientRef }] of given.entries())
    items[index]!.errors.push(...clientRefErrors(clientRef, index));
  const fields = judge((input) => leadColumns(input, organization));
  judge(({ idempotencyKey }) => {
    if (idempotencyKey != null)
      throw invalidInput('idempotencyKey', "idempotencyKey goes to the batch's input, not to one lead of it");
  });
  // Held in the order that changes of these settings lock them.
  const status = await statusesOf(tx, inputs, items);
  const owners = await leadOwners(
    tx,
    inputs.map(({ owner }) => owner),
  );
  const owner = judge((input) =>
    input.owner === undefined ? { ownerId: principal.userId } : owners(input.owner),
  );
  const campaigns = await campaignsNamed(
    tx,
    inputs.map(({ campaign }) => campaign),
  );
  const campaign = judge((input) => campaigns(input.campaign));
  const customGiven = inputs.map(({ customFields }) => customFields);
  const customFields = await heldCustomFields(tx, CustomRecordType.LEAD, customGiven);
  const custom = judge((input) => readCustomValues(customFields, input.customFields));
  const taken = await takenExternalIds(tx, fields);
  judge((_, index) => {
    const externalId = fields[index]?.externalId;
    if (externalId == null) return;
    if (taken.has(externalId))
      throw invalidInput('externalId', 'externalId belongs to another record (it may be deleted)');
    // one that is refused itself takes it from nobody
    if (items[index]!.errors.length === 0) taken.add(externalId);
  });
  return {
    items,
    columns: (index: number) => ({
      ...fields[index]!,
      ...newValues({ customFields: custom[index] }),
      lastName: fields[index]!.lastName!,
      campaignId: campaign[index],
      statusId: status[index]!,
      ...owner[index]!,
    }),
  };
}

async function takenExternalIds(
  tx: Transaction,
  fields: ({ externalId?: string | null } | undefined)[],
): Promise<Set<string>> {
  const given = fields.flatMap((one) => one?.externalId ?? []);
  if (given.length === 0) return new Set();
  const rows = await tx.query<{ external_id: string }>(sql`
    select external_id from lead
    where organization_id = ${tx.tenant.organizationId} and external_id = any(${given}::text[])`);
  return new Set(rows.map((row) => row.external_id));
}

async function statusesOf(
  tx: Transaction,
  inputs: { status?: string | null }[],
  items: Judged[],
): Promise<(string | undefined)[]> {
  let ids: (string | undefined)[] = [];
  // chosen again when one changes meanwhile; what is wrong with a name is wrong with it only once
  const errors = items.map((item) => [...item.errors]);
  await heldLeadStatuses(tx, (all) => {
    const chosen = items.map((item, index) => {
      item.errors.splice(0, Infinity, ...errors[index]!);
      const { status } = inputs[index]!;
      return item.by(() => (status == null ? firstOpenStatus(all) : statusNamed(all, status)));
    });
    ids = chosen.map((status) => status?.id);
    return chosen.filter((status) => status !== undefined);
  });
  return ids;
}

async function flush(tx: Transaction): Promise<void> {
  try {
    await tx.em.flush();
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) throw new ExternalIdTaken();
    throw error;
  }
}
