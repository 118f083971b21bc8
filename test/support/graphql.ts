import { graphql, type GraphQLError, type GraphQLSchema } from 'graphql';
import { v7 as uuidv7 } from 'uuid';
import { Context } from '../../src/graphql/context.ts';
import { buildKontorSchema } from '../../src/graphql/schema.ts';
import { UserEntity } from '../../src/identity/identity.entity.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import type { Organization } from '../../src/identity/organization.service.ts';
import type { Principal } from '../../src/identity/principal.ts';
import type { World } from './world.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are asserted field by field
export type Data = Record<string, any>;

/** Somebody who sends operations to the schema itself, without a server between. */
export interface Caller {
  principal: Principal;
  send(query: string, variables?: Data): Promise<{ data: Data | null; errors: readonly GraphQLError[] }>;
}

/** Signs plans, the same for every caller. */
const TOKEN_SECRET = new Uint8Array(32).fill(7);

let building: Promise<GraphQLSchema> | undefined;

/** The organisation's admin, a new person of another role, or a program (SERVICE). */
export async function callerOf(
  world: World,
  organization: Organization & { adminId: string },
  role: Role = Role.ADMIN,
): Promise<Caller> {
  const schema = await (building ??= buildKontorSchema());
  const userId = role === Role.ADMIN ? organization.adminId : await person(world, organization, role);
  const principal: Principal = {
    organizationId: organization.id,
    userId,
    kind: userId === null ? 'SERVICE' : 'PERSON',
    role,
    name: `the ${role}`,
    tokenId: uuidv7(),
  };
  return {
    principal,
    async send(source, variableValues) {
      const contextValue = new Context(principal, organization, world.database, TOKEN_SECRET);
      try {
        const { data, errors = [] } = await graphql({ schema, source, variableValues, contextValue });
        return { data: data ?? null, errors };
      } finally {
        await contextValue.close();
      }
    },
  };
}

async function person(
  world: World,
  { id: organizationId }: Organization,
  role: Role,
): Promise<string | null> {
  if (role === Role.SERVICE) return null;
  const id = uuidv7();
  const at = new Date();
  await world.database.write({ organizationId, userId: null }, async ({ em }) => {
    em.create(UserEntity, { organizationId, id, name: `A ${role}`, role, createdAt: at, updatedAt: at });
  });
  return id;
}
