import { randomBytes } from 'node:crypto';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { migrations } from '../../migrations/index.ts';

/** Any number: two processes that start at once migrate one after the other. */
const MIGRATION_LOCK = 5_713_904_226;

/**
 * Brings the database to the newest schema and returns the names of the migrations that ran. Connects as the role of
 * `ownerUrl`, which must own the database (or be allowed to create roles, extensions and tables in it).
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const lock = new pg.Client({ connectionString: ownerUrl });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const orm = await MikroORM.init({
      clientUrl: ownerUrl,
      entities: [],
      discovery: { warnWhenNoEntities: false },
      extensions: [Migrator],
      migrations: { migrationsList: migrations, tableName: 'schema_migration', snapshot: false },
      pool: { min: 0, max: 2 },
      logger: () => undefined,
    });
    try {
      const ran = await orm.migrator.up();
      await lock.query(
        'insert into installation (token_secret, created_at) values ($1, now()) on conflict (id) do nothing',
        [randomBytes(32)],
      );
      return ran.map((migration) => migration.name);
    } finally {
      await orm.close();
    }
  } finally {
    await lock.end();
  }
}
