import type { Tenant } from '../../../src/database/tenant.ts';
import { Role } from '../../../src/identity/identity.enums.ts';
import type { Organization } from '../../../src/identity/organization.service.ts';
import { callerOf, type Data } from '../../support/graphql.ts';
import { watchTenants } from '../../support/tenant-bound.ts';
import { openWorld, type World } from '../../support/world.ts';
import type { Home } from './generated-world.ts';
import type { OracleWorld } from './oracle-world.ts';
import { storeWorld } from './store.ts';

/** An organisation whose analyst asks. */
export interface Asker {
  organization: Organization & { adminId: string; tenant: Tenant };
  home: Home;
  /** Makes these the only records. */
  store(given: OracleWorld): Promise<void>;
  /** The data; fails the test when there are errors, or a statement that does not bind the organisation. */
  ask(query: string, variables?: Data): Promise<Data>;
  /** The one error of a query that is refused. */
  refusal(query: string, variables?: Data): Promise<{ message: string; extensions: Data }>;
}

export interface MetricsWorld extends World {
  asker(settings?: Partial<Home>): Promise<Asker>;
}

export async function openMetrics(): Promise<MetricsWorld> {
  const world = await openWorld();
  const unbound = watchTenants(world.database);
  return {
    ...world,
    async asker(settings = {}) {
      const home = { currency: 'EUR', timeZone: 'Europe/Berlin', fiscalYearStartMonth: 1, ...settings };
      const organization = await world.organization(home);
      const analyst = await callerOf(world, organization, Role.ANALYST);
      return {
        organization,
        home,
        store: (given) => storeWorld(world.database, organization.tenant, given),
        async ask(query, variables) {
          const { data, errors } = await analyst.send(query, variables);
          if (errors.length > 0)
            throw new Error(
              errors.map(({ message, originalError }) => originalError?.stack ?? message).join('\n'),
            );
          unbound.assertNone();
          return data!;
        },
        async refusal(query, variables) {
          const { errors } = await analyst.send(query, variables);
          expect(errors).toHaveLength(1);
          return { message: errors[0]!.message, extensions: { ...errors[0]!.extensions } };
        },
      };
    },
  };
}
