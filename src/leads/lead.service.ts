import { v7 as uuidv7 } from 'uuid';
import { annualRevenue, website } from '../accounts/company-rules.ts';
import { campaignNamed } from '../campaigns/campaign-reference.ts';
import { requireOptOutsKept } from '../contacts/opt-outs.ts';
import { CustomRecordType } from '../custom-fields/custom-field.enums.ts';
import { givenCustomValues } from '../custom-fields/custom-values.ts';
import { newValues, withCustomNames } from '../database/custom-names.ts';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { applyChanges, changeTime, flushWithExternalId } from '../database/versioned-update.ts';
import {
  address,
  asGiven,
  email,
  longText,
  phone,
  readFields,
  required,
  shortText,
  wholeNumber,
} from '../graphql/input-rules.ts';
import { endHandoffByChange } from '../handoffs/pending-handoff.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { Principal } from '../identity/principal.ts';
import { leadOwnerOf } from '../identity/record-owner.ts';
import { requireRight } from '../identity/rights.ts';
import { LeadEntity } from './lead.entity.ts';
import { leadKeys } from './lead.keys.ts';
import { matchLeads } from './lead-matching.ts';
import type { CreateLeadInput, LeadFields, UpdateLeadInput } from './lead.mutation-inputs.ts';
import { enteredStatus, firstOpenStatus, leadStatus, statusNamed } from './lead-status.ts';
import { lockedLead } from './locked-lead.ts';

/** The columns an input sets by itself, without looking anything up. */
export function leadColumns(input: LeadFields & { lastName?: string | null }, organization: Organization) {
  const fields = readFields(input, {
    firstName: shortText,
    lastName: required(shortText),
    company: shortText,
    email,
    phone,
    mobile: phone,
    title: shortText,
    website,
    industry: shortText,
    employees: wholeNumber({ min: 0 }),
    annualRevenue: annualRevenue(organization.currency),
    address,
    rating: shortText,
    description: longText,
    doNotCall: required(asGiven<boolean>()),
    emailOptOut: required(asGiven<boolean>()),
    source: shortText,
    score: wholeNumber({}),
    externalId: shortText,
  });
  const { annualRevenue: revenue, address: place, ...columns } = fields;
  return { ...columns, ...revenue, ...place };
}

/** Makes a lead and finds the account it may belong to. Returns its UUID. */
export function createLead(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: CreateLeadInput,
): Promise<string> {
  requireRight(principal, 'lead:write');
  return once(tx, principal, 'createLead', input.idempotencyKey, input, async () => {
    const fields = leadColumns(input, organization);
    const { status: name } = input;
    // Held in the order that changes of these settings lock them.
    const status = await leadStatus(tx, (all) =>
      name == null ? firstOpenStatus(all) : statusNamed(all, name),
    );
    const owner =
      input.owner === undefined ? { ownerId: principal.userId } : await leadOwnerOf(tx, input.owner);
    const custom = newValues(await givenCustomValues(tx, CustomRecordType.LEAD, input.customFields));
    const campaignId = await campaignNamed(tx, input.campaign);
    const row = { ...fields, lastName: fields.lastName!, campaignId, statusId: status.id };
    const columns = { ...row, ...custom, ...owner };
    const at = new Date();
    const id = uuidv7();
    tx.em.create(LeadEntity, {
      organizationId: organization.id,
      id,
      ...columns,
      ...leadKeys(columns),
      createdAt: at,
      updatedAt: at,
    });
    await flushWithExternalId(tx);
    const after = withCustomNames(columns);
    record(tx, principal, { recordType: 'Lead', recordId: id, action: 'createLead', after, at });
    await matchLeads(tx, [id]);
    return id;
  });
}

/** Changes what the input gives, unless the lead is converted, and matches it to an account anew. Returns the lead's UUID. */
export function updateLead(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: UpdateLeadInput,
): Promise<string> {
  requireRight(principal, 'lead:write');
  return once(tx, principal, 'updateLead', input.idempotencyKey, input, async () => {
    const lead = await lockedLead(tx, input);
    const { id } = lead;
    const fields = leadColumns(input, organization);
    requireOptOutsKept(principal, lead, fields);
    const { status: name } = input;
    const status =
      name === undefined ? null : await leadStatus(tx, (all) => statusNamed(all, name, lead.statusId));
    const owner = await leadOwnerOf(tx, input.owner);
    const isClosing = status?.isClosed && status.id !== lead.statusId;
    const closed = isClosing ? `The lead was closed (${status.name})` : undefined;
    const at = changeTime(lead);
    const settled = await endHandoffByChange(tx, principal, lead, { owner, closed }, at);
    const custom = await givenCustomValues(tx, CustomRecordType.LEAD, input.customFields);
    const campaignId = await campaignNamed(tx, input.campaign);
    const own = { ...fields, campaignId, ...custom };
    const columns = { ...own, ...(status && enteredStatus(status)), ...owner, ...settled };
    const changes = applyChanges(lead, columns, at);
    if (!changes) return id;
    Object.assign(lead, leadKeys(lead));
    await flushWithExternalId(tx);
    record(tx, principal, { recordType: 'Lead', recordId: id, action: 'updateLead', ...changes });
    await matchLeads(tx, [id]);
    return id;
  });
}
