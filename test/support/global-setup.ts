import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseUses } from '../../src/database/embedded-lease.ts';
import { stopPostmaster } from '../../src/database/embedded-server.ts';
import { openEmbeddedDatabase } from '../../src/database/embedded.ts';
import { testCluster } from './running-cluster.ts';

// Root's PostgreSQL runs as another user, who may not get into root's own temporary directory.
const base = process.getuid?.() === 0 ? '/tmp' : os.tmpdir();
const prefix = 'kontor-test-';

/** One PostgreSQL server for the whole test run, on data nobody will miss. */
export default async function startTestCluster(): Promise<void> {
  await removeKilledRuns();
  // Jest dies of Ctrl-C without a teardown; leaving by exit stops the server, and the next run removes its files.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  const directory = fs.mkdtempSync(path.join(base, prefix));
  fs.chmodSync(directory, 0o755);
  testCluster.directory = directory;
  testCluster.database = await openEmbeddedDatabase({
    dataDir: path.join(directory, 'data'),
    systemDir: path.join(directory, 'system'),
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      autovacuum_naptime: '1min',
    },
  });
  process.env['KONTOR_TEST_CLUSTER_URL'] = testCluster.database.url;
}

/** A test run that was killed could not stop its server. */
async function removeKilledRuns(): Promise<void> {
  const aMinuteAgo = Date.now() - 60_000;
  for (const name of fs.readdirSync(base).filter((entry) => entry.startsWith(prefix))) {
    const directory = path.join(base, name);
    const found = fs.statSync(directory, { throwIfNoEntry: false });
    if (!found || found.uid !== process.getuid?.() || found.mtimeMs > aMinuteAgo) continue;
    const dataDir = path.join(directory, 'data');
    if (fs.existsSync(dataDir)) {
      const uses = new DatabaseUses(dataDir);
      if (uses.anyLeft() || !uses.tryLock()) continue;
      await stopPostmaster(path.join(dataDir, 'postgres/cluster'));
    }
    fs.rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
  }
}
