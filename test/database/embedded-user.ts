/**
 * One process that uses an embedded database, for the tests to start, stop and kill.
 * Takes its options as JSON; says `{"url": …}` or `{"error": …}`; leaves when told `stop`, exits when told `exit`.
 */
import { createInterface } from 'node:readline';
import { openEmbeddedDatabase } from '../../src/database/embedded.ts';

const { uid, gid, ...options } = JSON.parse(process.argv[2] ?? '{}') as {
  dataDir: string;
  systemDir: string;
  settings: Record<string, string>;
  uid?: number;
  gid?: number;
};
if (gid !== undefined) {
  process.setgroups?.([]);
  process.setgid?.(gid);
}
if (uid !== undefined) process.setuid?.(uid);
// The terminal's Ctrl-C: whoever uses the database finishes its work first.
process.on('SIGINT', () => say({ interrupted: true }));

try {
  const database = await openEmbeddedDatabase(options);
  say({ url: database.url });
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'exit') process.exit(0);
    if (line === 'stop') break;
  }
  await database.stop();
  process.exit(0);
} catch (error) {
  say({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  process.exit(1);
}

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
