import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openEmbeddedDatabase } from '../../src/database/embedded.ts';
import { testCluster } from './running-cluster.ts';

/** One PostgreSQL server for the whole test run, on data nobody will miss. */
export default async function startTestCluster(): Promise<void> {
  // Root's PostgreSQL runs as another user, who may not get into root's own temporary directory.
  const base = process.getuid?.() === 0 ? '/tmp' : os.tmpdir();
  const directory = fs.mkdtempSync(path.join(base, 'kontor-test-'));
  fs.chmodSync(directory, 0o755);
  const database = await openEmbeddedDatabase({
    dataDir: path.join(directory, 'data'),
    systemDir: path.join(directory, 'system'),
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  testCluster.directory = directory;
  testCluster.database = database;
  process.env['KONTOR_TEST_CLUSTER_URL'] = database.url;
}
