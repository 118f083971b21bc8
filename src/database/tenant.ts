/** Whose rows a transaction may see, and who acts in it. */
export interface Tenant {
  organizationId: string;
  userId: string | null;
}

/** Told of every statement before it runs: tests count them and check that the organisation is bound. */
export type StatementObserver = (text: string, values: readonly unknown[], tenant: Tenant) => void;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function literal(uuid: string): string {
  if (!UUID.test(uuid)) throw new Error('Not a UUID');
  return `'${uuid}'`;
}

/** `set local` takes no parameters: the ids are checked to be UUIDs and written as literals, in one round trip with `begin`. */
export function bindTenant(tenant: Tenant): string {
  return `set local app.organization_id = ${literal(tenant.organizationId)}; set local app.user_id = ${tenant.userId === null ? "''" : literal(tenant.userId)}`;
}
