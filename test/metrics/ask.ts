import { pino } from 'pino';
import { Context } from '../../src/graphql/context.ts';
import type { ExecutorKind } from '../../src/graphql/executor.ts';
import { buildKontorSchema } from '../../src/graphql/schema.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import type { Organization } from '../../src/identity/organization.service.ts';
import { startGraphQLServer } from '../../src/server/graphql-server.ts';
import type { DealMetricKey as MetricKey } from '../../src/metrics/deals/deal-definitions.ts';
import type { World } from '../support/world.ts';

type Metrics = Record<
  MetricKey,
  {
    count: number;
    amount: { amount: string };
    unconverted: { amount: string; currency: string }[];
    value: unknown;
    denominator: string;
    records: {
      totalCount: number;
      nodes: { id: string }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  }
>;

/** What the tests of metrics select, each a part of it. */
export interface Data {
  metrics: Metrics;
  account: { metrics: Metrics };
  accounts: { nodes: { id: string; metrics: Metrics }[] };
  metricDefinitions: { key: string; formula: string; emptyValue: string }[];
  __type: { fields: { name: string; description: string }[] };
}

export interface Answer {
  data: Data | null;
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
      const contextValue = new Context(principal, organization, world.database, new Uint8Array(32));
      const { body } = await server.executeOperation({ query, variables }, { contextValue });
      await contextValue.close();
      if (body.kind !== 'single') throw new Error('An answer in parts');
      const { data, errors = [] } = JSON.parse(JSON.stringify(body.singleResult)) as Partial<Answer>;
      return { data: data ?? null, errors };
    },
    close: () => server.stop(),
  };
}
