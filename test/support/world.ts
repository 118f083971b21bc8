import pg from 'pg';
import { Database, type DatabaseOptions } from '../../src/database/database.ts';
import type { Tenant } from '../../src/database/tenant.ts';
import {
  createOrganization,
  type Organization,
  type OrganizationInput,
} from '../../src/identity/organization.service.ts';
import { createTestDatabase } from './test-cluster.ts';

/** A database of its own for one test file, with the owner's and the application's connections. */
export interface World {
  url: string;
  owner: pg.Pool;
  database: Database;
  /** A new organisation with the standard stages and statuses and an admin. */
  organization(
    input?: Partial<OrganizationInput>,
  ): Promise<Organization & { adminId: string; tenant: Tenant }>;
  close(): Promise<void>;
}

export async function openWorld(options: DatabaseOptions = {}): Promise<World> {
  const { url, drop } = await createTestDatabase();
  const owner = new pg.Pool({ connectionString: url, max: 2 });
  // The database is dropped under its connections at the end.
  owner.on('error', () => undefined);
  const database = await Database.open(url, options);
  let count = 0;
  return {
    url,
    owner,
    database,
    async organization(input = {}) {
      const made = await createOrganization(database, { name: `Organization ${++count}`, ...input });
      return { ...made, tenant: { organizationId: made.id, userId: made.adminId } };
    },
    async close() {
      await database.close();
      await owner.end();
      await drop();
    },
  };
}
