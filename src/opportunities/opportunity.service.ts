import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { referencedAccount } from '../accounts/account-reference.ts';
import { campaignNamed } from '../campaigns/campaign-reference.ts';
import { CustomRecordType } from '../custom-fields/custom-field.enums.ts';
import { givenCustomValues } from '../custom-fields/custom-values.ts';
import { newValues, withCustomNames } from '../database/custom-names.ts';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { applyChanges, changeTime, flushWithExternalId } from '../database/versioned-update.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import {
  asGiven,
  businessDate,
  longText,
  money,
  readFields,
  required,
  shortText,
  wholeNumber,
} from '../graphql/input-rules.ts';
import { invalidInput } from '../graphql/user-error.ts';
import { StageEntity } from '../identity/identity.entity.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { Principal } from '../identity/principal.ts';
import { ownerOf, ownerOfNew } from '../identity/record-owner.ts';
import { requireRight } from '../identity/rights.ts';
import { lockedOpportunity } from './locked-opportunity.ts';
import { OpportunityEntity } from './opportunity.entity.ts';
import type { ForecastCategory } from './opportunity.enums.ts';
import { recordVersion } from './opportunity-history.ts';
import { opportunityKeys } from './opportunity.keys.ts';
import type {
  CreateOpportunityInput,
  MoveOpportunityInput,
  OpportunityFields,
  UpdateOpportunityInput,
} from './opportunity.mutation-inputs.ts';
import { enteredStage, estimateWithin, firstOpenStage, stageNamed } from './stage-choice.ts';

/** The fields an input gives, before they are seen with the stage. */
function givenFields(
  input: OpportunityFields & { name?: string | null; closeDate?: string | null },
  organization: Organization,
) {
  const { amount, probability, forecastCategory, ...columns } = readFields(input, {
    name: required(shortText),
    amount: money(organization.currency),
    closeDate: required(businessDate),
    probability: wholeNumber({ min: 0, max: 100 }),
    forecastCategory: asGiven<ForecastCategory>(),
    source: shortText,
    nextStep: shortText,
    description: longText,
    externalId: shortText,
  });
  return { columns: { ...columns, ...amountColumns(amount) }, estimate: { probability, forecastCategory } };
}

/** An amount that is not known any more leaves its currency behind. */
function amountColumns(amount: { amount: bigint; currency: string } | null | undefined) {
  return amount === null ? { amount } : amount;
}

/** Makes an opportunity with the first version of its history. Returns its UUID. */
export function createOpportunity(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: CreateOpportunityInput,
): Promise<string> {
  requireRight(principal, 'opportunity:write');
  return once(tx, principal, 'createOpportunity', input.idempotencyKey, input, async () => {
    const { columns: given, estimate } = givenFields(input, organization);
    const stage = input.stage == null ? await firstOpenStage(tx) : await stageNamed(tx, input.stage);
    const at = new Date();
    const columns = {
      currency: organization.currency,
      ...given,
      name: given.name!,
      closeDate: given.closeDate!,
      ...enteredStage(stage, at),
      ...estimateWithin(stage, estimate),
      ...newValues(await givenCustomValues(tx, CustomRecordType.OPPORTUNITY, input.customFields)),
      accountId: await referencedAccount(tx, input.account, 'account'),
      campaignId: await campaignNamed(tx, input.campaign),
      ownerId: await ownerOfNew(tx, principal, input.owner),
    };
    const opportunity = tx.em.create(OpportunityEntity, {
      organizationId: organization.id,
      id: uuidv7(),
      ...columns,
      ...opportunityKeys(columns),
      createdAt: at,
      updatedAt: at,
    });
    await flushWithExternalId(tx);
    await recordVersion(tx, opportunity, at);
    record(tx, principal, {
      recordType: 'Opportunity',
      recordId: opportunity.id,
      action: 'createOpportunity',
      after: withCustomNames(columns),
      at,
    });
    return opportunity.id;
  });
}

/** A deal goes to another account only without people of the former one: everybody with a part in it is there already. */
async function requireRolesAt(tx: Transaction, opportunityId: string, accountId: string | null) {
  const { organizationId } = tx.tenant;
  const [other] = await tx.query<{ name: string }>(sql`
    select concat_ws(' ', c.first_name, c.last_name) as name from opportunity_contact_role r
    join contact c on c.organization_id = ${organizationId} and c.id = r.contact_id and c.deleted_at is null
    where r.organization_id = ${organizationId} and r.opportunity_id = ${opportunityId}
      and c.account_id is distinct from ${accountId}
    order by r.is_primary desc, r.id limit 1`);
  if (other) throw invalidInput('account', `${other.name} has a part in the deal and is not at that account`);
}

/** A later close date is a push. */
function pushed(opportunity: OpportunityEntity, closeDate: string | undefined) {
  const isLater = closeDate !== undefined && closeDate > opportunity.closeDate;
  return isLater ? { pushCount: (opportunity.pushCount ?? 0) + 1 } : {};
}

/** Writes what changed, with history and journal. Returns the opportunity's UUID. */
async function save(
  tx: Transaction,
  principal: Principal,
  action: string,
  opportunity: OpportunityEntity,
  columns: Partial<OpportunityEntity>,
  at = changeTime(opportunity),
): Promise<string> {
  const changes = applyChanges(opportunity, { ...columns, ...pushed(opportunity, columns.closeDate) }, at);
  const { id } = opportunity;
  if (!changes) return id;
  Object.assign(opportunity, opportunityKeys(opportunity));
  await flushWithExternalId(tx);
  await recordVersion(tx, opportunity, at);
  record(tx, principal, { recordType: 'Opportunity', recordId: id, action, ...changes });
  return id;
}

/** Changes what the input gives; never the stage. Returns the opportunity's UUID. */
export function updateOpportunity(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: UpdateOpportunityInput,
): Promise<string> {
  requireRight(principal, 'opportunity:write');
  return once(tx, principal, 'updateOpportunity', input.idempotencyKey, input, async () => {
    const id = decodeIdOrRefuse('Opportunity', input.opportunity, 'opportunity');
    const accountId = await referencedAccount(tx, input.account, 'account');
    const opportunity = await lockedOpportunity(tx, id, input.ifVersion);
    const { columns, estimate } = givenFields(input, organization);
    const { stageId } = opportunity;
    const stage = await tx.em.findOneOrFail(StageEntity, { organizationId: organization.id, id: stageId });
    if (accountId !== undefined && accountId !== opportunity.accountId)
      await requireRolesAt(tx, id, accountId);
    return save(tx, principal, 'updateOpportunity', opportunity, {
      ...columns,
      ...estimateWithin(stage, estimate),
      ...(await givenCustomValues(tx, CustomRecordType.OPPORTUNITY, input.customFields)),
      accountId,
      campaignId: await campaignNamed(tx, input.campaign),
      ownerId: await ownerOf(tx, input.owner),
    });
  });
}

/** Moves a deal to a stage: on, back, to its end or open again. Returns the opportunity's UUID. */
export function moveOpportunity(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: MoveOpportunityInput,
): Promise<string> {
  requireRight(principal, 'opportunity:write');
  return once(tx, principal, 'moveOpportunity', input.idempotencyKey, input, async () => {
    const id = decodeIdOrRefuse('Opportunity', input.opportunity, 'opportunity');
    const stage = await stageNamed(tx, input.stage);
    const opportunity = await lockedOpportunity(tx, id, input.ifVersion);
    const { amount, closeDate, lostReason } = readFields(input, {
      amount: money(organization.currency),
      closeDate: required(businessDate),
      lostReason: shortText,
    });
    const isLost = stage.isClosed && !stage.isWon;
    if (lostReason && !isLost)
      throw invalidInput('lostReason', `lostReason is for a deal that is lost, which ${stage.name} is not`);
    const at = changeTime(opportunity);
    const columns = {
      ...amountColumns(amount),
      closeDate,
      ...(stage.id !== opportunity.stageId && enteredStage(stage, at)),
      lostReason: isLost ? lostReason : null,
    };
    return save(tx, principal, 'moveOpportunity', opportunity, columns, at);
  });
}
