import { v7 as uuidv7 } from 'uuid';
import { encodeId } from '../../src/graphql/ids.ts';
import { QueueEntity, UserEntity } from '../../src/identity/identity.entity.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { type Caller, callerOf, type Data } from '../support/graphql.ts';
import { mutate } from '../support/mutate.ts';
import type { World } from '../support/world.ts';

export type OneOrganization = Awaited<ReturnType<World['organization']>>;

/** An organisation whose administrator captures leads. */
export async function office(world: World) {
  const organization = await world.organization();
  const { id: organizationId, tenant } = organization;
  const admin = await callerOf(world, organization);
  const at = new Date();
  return {
    organization,
    tenant,
    admin,
    as: (role: Role): Promise<Caller> => callerOf(world, organization, role),
    async lead(fields: Data = {}): Promise<string> {
      const { lead, userErrors } = await mutate(
        admin,
        'createLead',
        { lastName: 'Boxer', ...fields },
        'lead { id }',
      );
      expect(userErrors).toEqual([]);
      return (lead as Data).id as string;
    },
    async account(name: string, fields: Data = {}): Promise<string> {
      const { account, userErrors } = await mutate(
        admin,
        'createAccount',
        { name, ...fields },
        'account { id }',
      );
      expect(userErrors).toEqual([]);
      return (account as Data).id as string;
    },
    async convert(lead: string): Promise<string> {
      const target = { account: { create: { name: 'Converted Ltd' } } };
      const { conversion, userErrors } = await mutate(
        admin,
        'convertLead',
        { lead, ...target, allowDuplicate: true },
        'conversion { id }',
      );
      expect(userErrors).toEqual([]);
      return (conversion as Data).id as string;
    },
    async user(isActive = true): Promise<string> {
      const id = uuidv7();
      await world.database.write(tenant, async ({ em }) => {
        const user = { name: 'Una', role: Role.SDR, isActive } as const;
        em.create(UserEntity, { organizationId, id, ...user, createdAt: at, updatedAt: at });
      });
      return encodeId('User', id);
    },
    async queue(): Promise<string> {
      const id = uuidv7();
      await world.database.write(tenant, async ({ em }) => {
        em.create(QueueEntity, { organizationId, id, name: `Queue ${id}`, createdAt: at, updatedAt: at });
      });
      return encodeId('Queue', id);
    },
  };
}
export type Office = Awaited<ReturnType<typeof office>>;
