import { pino } from 'pino';
import { Context } from '../../../src/graphql/context.ts';
import type { ExecutorKind } from '../../../src/graphql/executor.ts';
import { parseId } from '../../../src/graphql/ids.ts';
import { buildKontorSchema } from '../../../src/graphql/schema.ts';
import { Role } from '../../../src/identity/identity.enums.ts';
import type { Organization } from '../../../src/identity/organization.service.ts';
import { startGraphQLServer } from '../../../src/server/graphql-server.ts';
import type { World } from '../../support/world.ts';
import type { LeadMetrics } from './oracle.ts';

/** Metrics, and those of the window compared with where a test selects them. */
export type Compared = LeadMetrics & { comparison?: LeadMetrics | null };

export interface LeadGroup {
  key: {
    label: string | null;
    isOther: boolean;
    source: string | null;
    customValue: string | null;
    period: string | null;
    status: { name: string } | null;
    owner: { name: string } | null;
    queue: { name: string } | null;
  };
  metrics: Compared;
}

/** What these tests select, each a part of it. */
export interface Data {
  leadMetrics: Compared;
  leadGroups: LeadGroup[];
  viewer: { organization: { users: { nodes: { name: string; leadMetrics: Compared }[] } } };
}

export interface Answer {
  data: Data | null;
  errors: { message: string; extensions: Record<string, unknown> }[];
}

/** Ids as the oracle has them. */
function withUuids(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUuids);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      name === 'id' && typeof part === 'string' ? (parseId(part)?.uuid ?? part) : withUuids(part),
    ]),
  );
}

/** Asks the API as an analyst of the organisation, through the given executor, at a moment of the test's choice. */
export async function openLeadApi(world: World, executor: ExecutorKind) {
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
      now: Date = new Date(),
    ): Promise<Answer> {
      const principal = {
        organizationId: organization.id,
        userId: null,
        kind: 'SERVICE' as const,
        role: Role.ANALYST,
        name: 'Test',
        tokenId: organization.id,
      };
      const contextValue = Object.assign(
        new Context(principal, organization, world.database, new Uint8Array(32)),
        { now },
      );
      const { body } = await server.executeOperation({ query, variables }, { contextValue });
      await contextValue.close();
      if (body.kind !== 'single') throw new Error('An answer in parts');
      const { data, errors = [] } = JSON.parse(JSON.stringify(body.singleResult)) as Partial<Answer>;
      return { data: (withUuids(data ?? null) as Data | null) ?? null, errors };
    },
    close: () => server.stop(),
  };
}

export type LeadApi = Awaited<ReturnType<typeof openLeadApi>>;

const records = '(first: 100) { totalCount nodes { id } }';

/** Every metric of leads with the rows behind it. */
export const allLeadMetrics = `
  fragment Count on CountMetric { count records${records} }
  fragment Rate on LeadRateMetric { value numerator denominator records${records} numeratorRecords${records} }
  fragment Duration on DurationMetric { meanDays medianDays p90Days count negative leadRecords${records} }
  fragment All on LeadMetrics {
    created { ...Count } createdEstimated { ...Count } open { ...Count } converted { ...Count }
    convertedImported { ...Count } conversionCohort { ...Rate } conversionPeriod { ...Rate }
    timeToConversion { ...Duration }
    speedToLead {
      p50Minutes p95Minutes bands { fromMinutes toMinutes count } answered overdue waiting records${records}
      withinSla { ...Rate }
    }
    handoff { ...Rate } handoffPending { ...Count } handoffOverdue { ...Count } handoffBounced { ...Count }
    handoffDecision { meanMinutes medianMinutes p90Minutes count records${records} }
    milestones {
      mql { ...Rate } sal { ...Rate } sql { ...Rate } converted { ...Rate } toContact { ...Rate } toAccount { ...Rate }
      toNewAccount { ...Rate } toExistingAccount { ...Rate } toOpportunity { ...Rate }
    }
    ageing { active { ...Count } aging { ...Count } stale { ...Count } }
    ambiguity { inBothStates { ...Count } unmatched { ...Count } ambiguous { ...Rate } share }
    effectiveness {
      leads { ...Count } mql { ...Count } converted { ...Count } opportunities { ...Count } won { ...Count }
      wonAmount { count amount { amount currency } amountMissing unconverted { amount currency } records${records} }
      timeToConversion { ...Duration }
    }
  }`;

/** The same without the rows. */
export const leadValues = allLeadMetrics.replaceAll(
  /(?:leadRecords|numeratorRecords|records)\(first: 100\) \{ totalCount nodes \{ id \} \}/g,
  '',
);

const ROWS = new Set(['records', 'leadRecords', 'numeratorRecords']);

/** What `leadValues` answers of it. */
export function withoutRows<T>(part: T): T {
  if (Array.isArray(part) || part === null || typeof part !== 'object') return part;
  const kept = Object.entries(part).filter(([name]) => !ROWS.has(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutRows(inner)])) as T;
}
