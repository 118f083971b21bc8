import { UniqueConstraintViolationException } from '@mikro-orm/core';
import sql from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { textKey } from '../database/text-key.ts';
import { applyChanges, requireVersion } from '../database/versioned-update.ts';
import {
  asGiven,
  readFields,
  refuse,
  required,
  type Rule,
  shortText,
  wholeNumber,
} from '../graphql/input-rules.ts';
import { invalidInput } from '../graphql/user-error.ts';
import { OrganizationEntity } from './identity.entity.ts';
import type { DuplicatePolicy, ReviewPolicy } from './identity.enums.ts';
import { MAX_NAME } from './organization.service.ts';
import type { Principal } from './principal.ts';
import { requireRight } from './rights.ts';
import { LEAD_STATUSES, lockSteps } from './step-list.ts';
import type { UpdateOrganizationInput } from './settings.inputs.ts';
import { isNamedZone, NO_ZONE } from './time-zone.ts';

/**
 * The organisation, kept from other changes of its settings until the transaction ends, and so are the lead statuses:
 * those a conversion holds (`ConversionRecords.settings`), so that it ends by the settings it was planned by. Other
 * records can be made meanwhile.
 */
export async function lockedOrganization(
  tx: Transaction,
  ifVersion: number | null | undefined,
): Promise<OrganizationEntity> {
  const { organizationId: id } = tx.tenant;
  await tx.query(sql`select id from organization where id = ${id} for no key update`);
  await lockSteps(tx, LEAD_STATUSES);
  const organization = await tx.em.findOneOrFail(OrganizationEntity, { id }, { refresh: true });
  requireVersion(organization, ifVersion);
  return organization;
}

const organizationName: Rule<string | null, string | null> = (given, path) => {
  const name = shortText(given, path);
  if (name !== null && name.length > MAX_NAME) throw refuse(path, `is longer than ${MAX_NAME} characters`);
  return name;
};

const timeZone: Rule<string | null, string | null> = (given, path) => {
  if (given !== null && !isNamedZone(given)) throw refuse(path, `${NO_ZONE}: ${given}`);
  return given;
};

/** Changes the settings the input gives. Returns the organisation's UUID. */
export function updateOrganization(
  tx: Transaction,
  principal: Principal,
  input: UpdateOrganizationInput,
): Promise<string> {
  requireRight(principal, 'settings:write');
  return once(tx, principal, 'updateOrganization', input.idempotencyKey, input, async () => {
    const fields = readFields(input, {
      name: required(organizationName),
      timeZone: required(timeZone),
      fiscalYearStartMonth: required(wholeNumber({ min: 1, max: 12 })),
      duplicatePolicy: required(asGiven<DuplicatePolicy>()),
      similarPolicy: required(asGiven<DuplicatePolicy>()),
      reviewPolicy: required(asGiven<ReviewPolicy>()),
    });
    const organization = await lockedOrganization(tx, input.ifVersion);
    const { id } = organization;
    const changes = applyChanges(organization, {
      ...fields,
      ...(fields.name !== undefined && { nameKey: textKey(fields.name) }),
    });
    if (!changes) return id;
    await flushWithName(tx);
    record(tx, principal, {
      recordType: 'Organization',
      recordId: id,
      action: 'updateOrganization',
      ...changes,
    });
    return id;
  });
}

async function flushWithName(tx: Transaction): Promise<void> {
  try {
    await tx.em.flush();
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException)
      throw invalidInput('name', 'name belongs to another organisation');
    throw error;
  }
}
