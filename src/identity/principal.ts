import type { Tenant } from '../database/tenant.ts';
import type { Role } from './identity.enums.ts';

/** Who acts: a person, or a program with a service token. One organisation each. */
export interface Principal extends Tenant {
  kind: 'PERSON' | 'SERVICE';
  role: Role;
  /** The person's or the program's name, as audit entries show it. */
  name: string;
  tokenId: string;
}

/** Stable over a principal's tokens when it is a person: the scope of an idempotency key. */
export function principalKey(principal: Principal): string {
  return principal.userId === null ? `token:${principal.tokenId}` : `user:${principal.userId}`;
}
