/**
 * Writes what is derived from the code: the SDL, the typed documents, the guide to metrics, the database schema's snapshot. A test fails when
 * one of them is not current.
 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import pg from 'pg';
import { openEmbeddedDatabase } from '../src/database/embedded.ts';
import { migrate } from '../src/database/migrate.ts';
import { printSchemaText } from '../src/graphql/schema.ts';
import { metricsGuide } from './metrics-guide.ts';
import { schemaSnapshot } from './schema-snapshot.ts';

await writeFile('schema/schema.graphql', await printSchemaText());
await writeFile('docs/metrics.md', metricsGuide());
execFileSync('graphql-codegen', ['--config', 'codegen.yml'], { stdio: 'inherit' });

const dataDir = await mkdtemp(path.join(tmpdir(), 'kontor-generate-'));
// root's PostgreSQL runs as another user, who has to get in
await chmod(dataDir, 0o755);
const embedded = await openEmbeddedDatabase({ dataDir });
try {
  await migrate(embedded.url);
  const pool = new pg.Pool({ connectionString: embedded.url, max: 1 });
  // the server stops right after
  pool.on('error', () => undefined);
  await writeFile('migrations/snapshot.txt', await schemaSnapshot(pool));
  await pool.end();
} finally {
  await embedded.stop();
  await rm(dataDir, { recursive: true, force: true });
}
