import { v7 as uuidv7 } from 'uuid';
import { CustomRecordType } from '../custom-fields/custom-field.enums.ts';
import { givenCustomValues } from '../custom-fields/custom-values.ts';
import { newValues, withCustomNames } from '../database/custom-names.ts';
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
  address,
  asGiven,
  longText,
  phone,
  readFields,
  required,
  shortText,
  wholeNumber,
} from '../graphql/input-rules.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { Principal } from '../identity/principal.ts';
import { ownerOf, ownerOfNew } from '../identity/record-owner.ts';
import { requireRight } from '../identity/rights.ts';
import { rematchLeadsOfAccount } from '../leads/lead-matching.ts';
import { orSurvivor } from '../merging/survivor.queries.ts';
import { referencedParent, requireNoCircle } from './account-reference.ts';
import { AccountEntity } from './account.entity.ts';
import type { AccountType } from './account.enums.ts';
import { accountKeys } from './account.keys.ts';
import type { AccountFields, CreateAccountInput, UpdateAccountInput } from './account.mutation-inputs.ts';
import { registrableDomain } from './company.ts';
import { lockCompany, lockMerges } from './company-lock.ts';
import { annualRevenue, domain, website } from './company-rules.ts';

/** The columns an input sets by itself, without looking anything up. */
function accountColumns(
  input: AccountFields & { name?: string | null },
  organization: Organization,
): Partial<AccountEntity> {
  const fields = readFields(input, {
    name: required(shortText),
    domain,
    website,
    externalId: shortText,
    industry: shortText,
    employees: wholeNumber({ min: 0 }),
    annualRevenue: annualRevenue(organization.currency),
    phone,
    address,
    rating: shortText,
    type: asGiven<AccountType>(),
    description: longText,
    tier: wholeNumber({ min: 1, max: 9 }),
    isTarget: required(asGiven<boolean>()),
  });
  const { annualRevenue: revenue, address: place, ...columns } = fields;
  // A website tells the domain, unless one is given beside it; an account without website keeps the domain it has.
  if (columns.website && columns.domain === undefined) columns.domain = registrableDomain(columns.website);
  return { ...columns, ...revenue, ...place };
}

/** Makes an account, and matches the open leads it may concern. Returns its UUID. */
export function createAccount(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: CreateAccountInput,
): Promise<string> {
  requireRight(principal, 'account:write');
  return once(tx, principal, 'createAccount', input.idempotencyKey, input, async () => {
    const fields = accountColumns(input, organization);
    const columns = {
      ...fields,
      name: fields.name!,
      ...newValues(await givenCustomValues(tx, CustomRecordType.ACCOUNT, input.customFields)),
      ownerId: await ownerOfNew(tx, principal, input.owner),
    };
    const keys = accountKeys(columns);
    // A merge has this lock before those of companies.
    if (input.parent) await lockMerges(tx);
    // A conversion looking for this company waits, and then finds it.
    await lockCompany(tx, { domain: columns.domain ?? null, matchKey: keys.matchKey });
    const parentId = await referencedParent(tx, input.parent);
    const at = new Date();
    const id = uuidv7();
    tx.em.create(AccountEntity, {
      organizationId: organization.id,
      id,
      ...columns,
      parentId,
      ...keys,
      createdAt: at,
      updatedAt: at,
    });
    await flushWithExternalId(tx);
    const after = { ...withCustomNames(columns), parentId };
    record(tx, principal, { recordType: 'Account', recordId: id, action: 'createAccount', after, at });
    await rematchLeadsOfAccount(tx, id);
    return id;
  });
}

/** Changes what the input gives, and matches leads anew when name or domain changed. Returns the account's UUID. */
export function updateAccount(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: UpdateAccountInput,
): Promise<string> {
  requireRight(principal, 'account:write');
  return once(tx, principal, 'updateAccount', input.idempotencyKey, input, async () => {
    const given = decodeIdOrRefuse('Account', input.account, 'account');
    const parentId = await referencedParent(tx, input.parent);
    const { id: organizationId } = organization;
    const living = await orSurvivor(tx, organizationId, 'account', given, (id) =>
      tx.em.findOne(AccountEntity, { organizationId, id, deletedAt: null }, forUpdate),
    );
    const account = found(living, 'account');
    const { id } = account;
    requireVersion(account, input.ifVersion);
    const fields = accountColumns(input, organization);
    if (parentId) await requireNoCircle(tx, id, parentId);
    const { domain: formerDomain, matchKey: formerMatchKey } = account;
    const changes = applyChanges(account, {
      ...fields,
      // The label told the former type in the words of the system it was imported from.
      ...(fields.type !== undefined && fields.type !== account.type && { typeLabel: null }),
      ...(await givenCustomValues(tx, CustomRecordType.ACCOUNT, input.customFields)),
      ownerId: await ownerOf(tx, input.owner),
      parentId,
    });
    if (!changes) return id;
    Object.assign(account, accountKeys(account));
    await flushWithExternalId(tx);
    record(tx, principal, { recordType: 'Account', recordId: id, action: 'updateAccount', ...changes });
    if (account.domain !== formerDomain || account.matchKey !== formerMatchKey)
      await rematchLeadsOfAccount(tx, id, { domain: formerDomain, matchKey: formerMatchKey });
    return id;
  });
}
