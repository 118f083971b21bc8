import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import {
  applyChanges,
  flushWithExternalId,
  forUpdate,
  found,
  requireVersion,
} from '../database/versioned-update.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import {
  asGiven,
  businessDate,
  longText,
  money,
  readFields,
  refuse,
  required,
  type Rule,
  shortText,
} from '../graphql/input-rules.ts';
import type { MoneyInput } from '../graphql/money.type.ts';
import { invalidInput } from '../graphql/user-error.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { Principal } from '../identity/principal.ts';
import { ownerOf, ownerOfNew } from '../identity/record-owner.ts';
import { requireRight } from '../identity/rights.ts';
import { CampaignEntity } from './campaign.entity.ts';
import { campaignKeys } from './campaign.keys.ts';
import type { CampaignFields, CreateCampaignInput, UpdateCampaignInput } from './campaign.mutation-inputs.ts';

type Cost = { amount: bigint | null; currency: string | null };

function cost(organizationCurrency: string): Rule<MoneyInput | null, Cost> {
  return (given, path) => {
    const stored = money(organizationCurrency)(given, path);
    if (stored && stored.amount < 0n) throw refuse([...path, 'amount'], 'must be at least 0');
    return stored ?? { amount: null, currency: null };
  };
}

/** The columns an input sets by itself, without looking anything up. */
function campaignColumns(input: CampaignFields & { name?: string | null }, { currency }: Organization) {
  const { budgetedCost, actualCost, ...columns } = readFields(input, {
    name: required(shortText),
    type: shortText,
    status: shortText,
    isActive: required(asGiven<boolean>()),
    startDate: businessDate,
    endDate: businessDate,
    budgetedCost: cost(currency),
    actualCost: cost(currency),
    description: longText,
    externalId: shortText,
  });
  return {
    ...columns,
    ...(budgetedCost && { budgetedCost: budgetedCost.amount, budgetedCostCurrency: budgetedCost.currency }),
    ...(actualCost && { actualCost: actualCost.amount, actualCostCurrency: actualCost.currency }),
  };
}

/** Refuses dates that contradict each other, when one of them is given. */
function requireOrderedDates(
  { startDate, endDate }: { startDate?: string | null; endDate?: string | null },
  former: { startDate?: string | null; endDate?: string | null } = {},
): void {
  if (startDate === undefined && endDate === undefined) return;
  const [start, end] = [
    startDate === undefined ? former.startDate : startDate,
    endDate === undefined ? former.endDate : endDate,
  ];
  if (start && end && end < start)
    throw invalidInput(
      endDate === undefined ? 'startDate' : 'endDate',
      `A campaign ends on its first day (${start}) or later, not on ${end}`,
    );
}

/** Makes a campaign. Returns its UUID. */
export function createCampaign(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: CreateCampaignInput,
): Promise<string> {
  requireRight(principal, 'campaign:write');
  return once(tx, principal, 'createCampaign', input.idempotencyKey, input, async () => {
    const fields = campaignColumns(input, organization);
    requireOrderedDates(fields);
    const columns = { ...fields, name: fields.name!, ownerId: await ownerOfNew(tx, principal, input.owner) };
    const at = new Date();
    const id = uuidv7();
    tx.em.create(CampaignEntity, {
      organizationId: organization.id,
      id,
      ...columns,
      ...campaignKeys(columns),
      createdAt: at,
      updatedAt: at,
    });
    await flushWithExternalId(tx);
    record(tx, principal, {
      ...{ recordType: 'Campaign', recordId: id, action: 'createCampaign' },
      ...{ after: columns, at },
    });
    return id;
  });
}

/** Changes what the input gives. Returns the campaign's UUID. */
export function updateCampaign(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: UpdateCampaignInput,
): Promise<string> {
  requireRight(principal, 'campaign:write');
  return once(tx, principal, 'updateCampaign', input.idempotencyKey, input, async () => {
    const id = decodeIdOrRefuse('Campaign', input.campaign, 'campaign');
    const key = { organizationId: organization.id, id };
    const campaign = found(await tx.em.findOne(CampaignEntity, key, forUpdate), 'campaign');
    requireVersion(campaign, input.ifVersion);
    const columns = campaignColumns(input, organization);
    requireOrderedDates(columns, campaign);
    const changes = applyChanges(campaign, { ...columns, ownerId: await ownerOf(tx, input.owner) });
    if (!changes) return id;
    Object.assign(campaign, campaignKeys(campaign));
    await flushWithExternalId(tx);
    record(tx, principal, { recordType: 'Campaign', recordId: id, action: 'updateCampaign', ...changes });
    return id;
  });
}
