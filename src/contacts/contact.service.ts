import { v7 as uuidv7 } from 'uuid';
import { referencedAccount } from '../accounts/account-reference.ts';
import { CustomRecordType } from '../custom-fields/custom-field.enums.ts';
import { givenCustomValues } from '../custom-fields/custom-values.ts';
import { newValues, withCustomNames } from '../database/custom-names.ts';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { audit, record } from '../database/journal.ts';
import {
  applyChanges,
  changeTime,
  flushWithExternalId,
  forUpdate,
  found,
  requireVersion,
} from '../database/versioned-update.ts';
import { decodeIdOrRefuse } from '../graphql/ids.ts';
import {
  address,
  asGiven,
  email,
  longText,
  phone,
  readFields,
  required,
  shortText,
} from '../graphql/input-rules.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { Principal } from '../identity/principal.ts';
import { ownerOf, ownerOfNew } from '../identity/record-owner.ts';
import { requireRight } from '../identity/rights.ts';
import { orSurvivor } from '../merging/survivor.queries.ts';
import { ContactEntity } from './contact.entity.ts';
import type { BuyingRole } from './contact.enums.ts';
import { contactKeys } from './contact.keys.ts';
import type { ContactFields, CreateContactInput, UpdateContactInput } from './contact.mutation-inputs.ts';
import { CONFIRM_OPT_OUTS, confirmedOptOuts, requireOptOutsKept } from './opt-outs.ts';

/** The columns an input sets by itself, without looking anything up. */
function contactColumns(input: ContactFields & { lastName?: string | null }) {
  const { address: place, ...columns } = readFields(input, {
    firstName: shortText,
    lastName: required(shortText),
    email,
    phone,
    mobile: phone,
    title: shortText,
    source: shortText,
    description: longText,
    address,
    doNotCall: required(asGiven<boolean>()),
    emailOptOut: required(asGiven<boolean>()),
    buyingRole: asGiven<BuyingRole>(),
    externalId: shortText,
  });
  return { ...columns, ...place };
}

/** Makes a contact. Returns its UUID. */
export function createContact(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: CreateContactInput,
): Promise<string> {
  requireRight(principal, 'contact:write');
  return once(tx, principal, 'createContact', input.idempotencyKey, input, async () => {
    const fields = contactColumns(input);
    const columns = {
      ...fields,
      lastName: fields.lastName!,
      ...newValues(await givenCustomValues(tx, CustomRecordType.CONTACT, input.customFields)),
      accountId: await referencedAccount(tx, input.account, 'account'),
      ownerId: await ownerOfNew(tx, principal, input.owner),
    };
    const at = new Date();
    const id = uuidv7();
    tx.em.create(ContactEntity, {
      organizationId: organization.id,
      id,
      ...columns,
      ...contactKeys(columns),
      createdAt: at,
      updatedAt: at,
    });
    await flushWithExternalId(tx);
    record(tx, principal, {
      recordType: 'Contact',
      recordId: id,
      action: 'createContact',
      after: withCustomNames(columns),
      at,
    });
    return id;
  });
}

/** Changes what the input gives. Returns the contact's UUID. */
export function updateContact(
  tx: Transaction,
  principal: Principal,
  organization: Organization,
  input: UpdateContactInput,
): Promise<string> {
  requireRight(principal, 'contact:write');
  return once(tx, principal, 'updateContact', input.idempotencyKey, input, async () => {
    const given = decodeIdOrRefuse('Contact', input.contact, 'contact');
    const accountId = await referencedAccount(tx, input.account, 'account');
    const { id: organizationId } = organization;
    const living = await orSurvivor(tx, organizationId, 'contact', given, (id) =>
      tx.em.findOne(ContactEntity, { organizationId, id, deletedAt: null }, forUpdate),
    );
    const contact = found(living, 'contact');
    const { id } = contact;
    requireVersion(contact, input.ifVersion);
    const fields = contactColumns(input);
    requireOptOutsKept(principal, contact, fields);
    const confirmed = confirmedOptOuts(contact, fields);
    if (confirmed)
      audit(tx, principal, {
        ...{ recordType: 'Contact', recordId: id, action: CONFIRM_OPT_OUTS },
        ...{ before: confirmed, after: confirmed, at: changeTime(contact) },
      });
    const changes = applyChanges(contact, {
      ...fields,
      ...(await givenCustomValues(tx, CustomRecordType.CONTACT, input.customFields)),
      accountId,
      ownerId: await ownerOf(tx, input.owner),
    });
    if (!changes) return id;
    Object.assign(contact, contactKeys(contact));
    await flushWithExternalId(tx);
    record(tx, principal, { recordType: 'Contact', recordId: id, action: 'updateContact', ...changes });
    return id;
  });
}
