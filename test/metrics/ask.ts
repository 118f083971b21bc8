import { pino } from 'pino';
import { Context } from '../../src/graphql/context.ts';
import type { ExecutorKind } from '../../src/graphql/executor.ts';
import { buildKontorSchema } from '../../src/graphql/schema.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import type { Organization } from '../../src/identity/organization.service.ts';
import { startGraphQLServer } from '../../src/server/graphql-server.ts';
import type { World } from '../support/world.ts';

export interface Answer {
  data: Record<string, any> | null;
  errors: { message: string; extensions: Record<string, unknown> }[];
}

/** Asks the API as an analyst of the organisation, through the given executor. */
export async function openApi(world: World, executor: ExecutorKind) {
  const server = await startGraphQLServer({
    schema: await buildKontorSchema(),
    log: pino({ level: 'silent' }),
    executor,
  });
  return {
    async ask(
      organization: Organization,
      query: string,
      variables: Record<string, unknown> = {},
    ): Promise<Answer> {
      const principal = {
        organizationId: organization.id,
        userId: null,
        kind: 'SERVICE' as const,
        role: Role.ANALYST,
        name: 'Test',
        tokenId: organization.id,
      };
      const contextValue = new Context(principal, organization, world.database);
      const { body } = await server.executeOperation({ query, variables }, { contextValue });
      await contextValue.close();
      if (body.kind !== 'single') throw new Error('An answer in parts');
      const { data, errors = [] } = JSON.parse(JSON.stringify(body.singleResult));
      return { data: data ?? null, errors };
    },
    close: () => server.stop(),
  };
}
