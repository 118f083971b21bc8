import { GraphQLError } from 'graphql';
import { Role } from './identity.enums.ts';
import type { Principal } from './principal.ts';

export const RIGHTS = [
  'read',
  'lead:write',
  'lead:convert',
  'account:write',
  'contact:write',
  'opportunity:write',
  'record:merge',
  'campaign:write',
  'activity:write',
  'settings:write',
] as const;
export type Right = (typeof RIGHTS)[number];

/** Who may do what. A service never converts by itself: a conversion needs a person. */
const RIGHTS_OF: Record<Role, ReadonlySet<Right>> = {
  [Role.ADMIN]: new Set(RIGHTS),
  [Role.SDR]: new Set<Right>([
    'read',
    'lead:write',
    'lead:convert',
    'account:write',
    'contact:write',
    'activity:write',
  ]),
  [Role.AE]: new Set<Right>([
    'read',
    'lead:write',
    'lead:convert',
    'account:write',
    'contact:write',
    'opportunity:write',
    'record:merge',
    'activity:write',
  ]),
  [Role.MARKETER]: new Set<Right>(['read', 'lead:write', 'campaign:write', 'activity:write']),
  [Role.ANALYST]: new Set<Right>(['read']),
  [Role.SERVICE]: new Set<Right>([
    'read',
    'lead:write',
    'account:write',
    'contact:write',
    'opportunity:write',
    'campaign:write',
    'activity:write',
  ]),
};

export function rightsOf(role: Role): ReadonlySet<Right> {
  return RIGHTS_OF[role];
}

export function hasRight(principal: Pick<Principal, 'role'>, right: Right): boolean {
  return RIGHTS_OF[principal.role].has(right);
}

/** Services call it first; the GraphQL error tells the right and the role, so that one knows whom to ask. */
export function requireRight(principal: Pick<Principal, 'role'>, right: Right): void {
  if (hasRight(principal, right)) return;
  const { role } = principal;
  throw new GraphQLError(`The role ${role} lacks the right ${right}`, {
    extensions: { code: 'FORBIDDEN', right, role },
  });
}
