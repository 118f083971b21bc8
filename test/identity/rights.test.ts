import { GraphQLError } from 'graphql';
import { Role } from '../../src/identity/identity.enums.ts';
import { requireRight, RIGHTS, type Right, rightsOf } from '../../src/identity/rights.ts';

const table: Record<Role, Right[]> = {
  [Role.ADMIN]: [
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
  ],
  [Role.SDR]: ['read', 'lead:write', 'lead:convert', 'account:write', 'contact:write', 'activity:write'],
  [Role.AE]: [
    'read',
    'lead:write',
    'lead:convert',
    'account:write',
    'contact:write',
    'opportunity:write',
    'record:merge',
    'activity:write',
  ],
  [Role.MARKETER]: ['read', 'lead:write', 'campaign:write', 'activity:write'],
  [Role.ANALYST]: ['read'],
  [Role.SERVICE]: [
    'read',
    'lead:write',
    'account:write',
    'contact:write',
    'opportunity:write',
    'campaign:write',
    'activity:write',
  ],
};

test.each(Object.values(Role))('%s has exactly its rights', (role) => {
  expect([...rightsOf(role)].sort()).toEqual(table[role].toSorted());
  for (const right of RIGHTS) {
    const demanded = () => requireRight({ role }, right);
    if (table[role].includes(right)) expect(demanded).not.toThrow();
    else expect(demanded).toThrow(GraphQLError);
  }
});

test('a refusal names the right and the role, as FORBIDDEN', () => {
  let refusal: unknown;
  try {
    requireRight({ role: Role.SERVICE }, 'lead:convert');
  } catch (error) {
    refusal = error;
  }
  expect((refusal as GraphQLError).toJSON()).toEqual({
    message: 'The role SERVICE lacks the right lead:convert',
    extensions: { code: 'FORBIDDEN', right: 'lead:convert', role: 'SERVICE' },
  });
});
