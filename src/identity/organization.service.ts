import type pg from 'pg';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../database/database.ts';
import { textKey } from '../database/text-key.ts';
import { isCurrency } from '../graphql/money.ts';
import { Role } from './identity.enums.ts';
import { LeadStatusEntity, StageEntity, UserEntity } from './identity.entity.ts';
import { STANDARD_LEAD_STATUSES, STANDARD_STAGES } from './standard-values.ts';
import { isNamedZone, NO_ZONE } from './time-zone.ts';

export interface OrganizationInput {
  name: string;
  /** ISO 4217; default EUR. */
  currency?: string;
  /** IANA name; default UTC. */
  timeZone?: string;
  /** 1-12; default 1. */
  fiscalYearStartMonth?: number;
}

export interface Organization {
  id: string;
  name: string;
  currency: string;
  timeZone: string;
  fiscalYearStartMonth: number;
}

/** Characters of an organisation's name. */
export const MAX_NAME = 100;

export class OrganizationError extends Error {
  override name = 'OrganizationError';
}

function validated(input: OrganizationInput): Omit<Organization, 'id'> {
  const { name, currency = 'EUR', timeZone = 'UTC', fiscalYearStartMonth = 1 } = input;
  if (!name.trim() || name.length > MAX_NAME) throw new OrganizationError('name: 1 to 100 characters');
  if (!isCurrency(currency))
    throw new OrganizationError(`currency: ${currency} is no ISO 4217 code (EUR, USD, …)`);
  if (!isNamedZone(timeZone)) throw new OrganizationError(`timeZone: ${timeZone} ${NO_ZONE}`);
  if (!Number.isInteger(fiscalYearStartMonth) || fiscalYearStartMonth < 1 || fiscalYearStartMonth > 12)
    throw new OrganizationError('fiscalYearStartMonth: 1 (January) to 12 (December)');
  return { name: name.trim(), currency, timeZone, fiscalYearStartMonth };
}

const columns = `id, name, currency, time_zone as "timeZone", fiscal_year_start_month as "fiscalYearStartMonth"`;

/** All organisations, oldest first. The owner's connection: organisations see only themselves. */
export async function listOrganizations(owner: pg.Pool): Promise<Organization[]> {
  return (await owner.query<Organization>(`select ${columns} from organization order by created_at, id`))
    .rows;
}

export async function findOrganization(owner: pg.Pool, name: string): Promise<Organization | undefined> {
  return (
    await owner.query<Organization>(`select ${columns} from organization where name_key = $1`, [
      textKey(name),
    ])
  ).rows[0];
}

/**
 * A new organisation with the standard stages and lead statuses and one admin; refuses a name that is taken. Written in
 * one transaction bound to its id, so that an interruption leaves no organisation without an admin.
 */
export async function createOrganization(
  database: Database,
  input: OrganizationInput,
): Promise<Organization & { adminId: string }> {
  const organization = { id: uuidv7(), ...validated(input) };
  const { id, name, currency, timeZone, fiscalYearStartMonth } = organization;
  const adminId = uuidv7();
  const at = new Date();
  await database.write({ organizationId: id, userId: null }, async ({ em, query }) => {
    const inserted = await query(
      sql`insert into organization (id, name, name_key, currency, time_zone, fiscal_year_start_month, created_at, updated_at)
        values (${id}, ${name}, ${textKey(name)}, ${currency}, ${timeZone}, ${fiscalYearStartMonth}, ${at}, ${at})
        on conflict (name_key) do nothing returning id`,
    );
    if (inserted.length === 0) throw new OrganizationError(`name: ${name} exists already`);

    const row = () => ({ organizationId: id, id: uuidv7(), createdAt: at, updatedAt: at });
    for (const stage of STANDARD_STAGES)
      em.create(StageEntity, { ...row(), ...stage, nameKey: textKey(stage.name) });
    for (const status of STANDARD_LEAD_STATUSES)
      em.create(LeadStatusEntity, { ...row(), ...status, nameKey: textKey(status.name) });
    em.create(UserEntity, { ...row(), id: adminId, name: 'Administrator', role: Role.ADMIN });
  });
  return { ...organization, adminId };
}
