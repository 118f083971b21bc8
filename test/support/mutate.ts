import sql, { raw } from 'sql-template-tag';
import type { Tenant } from '../../src/database/tenant.ts';
import { parseId } from '../../src/graphql/ids.ts';
import type { Caller, Data } from './graphql.ts';
import type { World } from './world.ts';

const USER_ERRORS = `userErrors { __typename code message path
  ... on StaleVersionError { current } ... on AllowedValuesError { allowed }
  ... on LeadConvertedError { conversion { id } } }`;

/** Of mutations that share their input with others. */
const INPUT_TYPES: Record<string, string> = {
  proposeConversion: 'ConvertLeadInput',
  approveConversion: 'ReviewConversionInput',
  rejectConversion: 'ReviewConversionInput',
};

export function operation(mutation: string, selection: string): string {
  const type = INPUT_TYPES[mutation] ?? `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  return `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} ${USER_ERRORS} } }`;
}

/** The payload of a mutation; fails the test on a top-level error. */
export async function mutate(
  caller: Caller,
  mutation: string,
  input: Data,
  selection: string,
): Promise<Data> {
  const { data, errors } = await caller.send(operation(mutation, selection), { input });
  // The cause is what one wants to read, SQL included.
  if (errors.length > 0) throw errors[0]!.originalError ?? errors[0]!;
  return data![mutation] as Data;
}

/** The code of the top-level error of a mutation that must have one. */
export async function failure(
  caller: Caller,
  mutation: string,
  input: Data,
  selection: string,
): Promise<string> {
  const { data, errors } = await caller.send(operation(mutation, selection), { input });
  expect(data).toBeNull();
  return errors[0]!.extensions.code as string;
}

/** A row as it is stored, by its public id. */
export async function storedRow(world: World, tenant: Tenant, table: string, id: string): Promise<Data> {
  const { uuid } = parseId(id)!;
  const row = await world.database.read(tenant, (snapshot) =>
    snapshot.one<Data>(
      sql`select * from ${raw(table)} where organization_id = ${tenant.organizationId} and id = ${uuid}`,
    ),
  );
  return row!;
}

/** What the audit says of a record, oldest first; every entry has its outbox event. */
export async function auditOf(world: World, tenant: Tenant, id: string): Promise<Data[]> {
  const { uuid } = parseId(id)!;
  const { organizationId } = tenant;
  return world.database.read(tenant, async (snapshot) => {
    const entries = await snapshot.query<Data>(sql`
      select action, record_type as "recordType", actor_kind as "actorKind", before, after from audit_entry
      where organization_id = ${organizationId} and record_id = ${uuid} order by at, id`);
    const events = await snapshot.query<Data>(sql`
      select type from outbox_event
      where organization_id = ${organizationId} and payload ->> 'recordId' = ${uuid} order by at, id`);
    expect(events.map(({ type }) => type)).toEqual(entries.map(({ action }) => action));
    return entries;
  });
}
