import { readConfig } from '../../src/config.ts';
import { firstRun } from '../../src/server/first-run.ts';
import { openInstallation } from '../../src/server/installation.ts';

// What a start does before it serves, as a process of its own: [--empty]
const installation = await openInstallation(readConfig());
await firstRun(installation, {
  sample: !process.argv.includes('--empty'),
  onLog: (line) => process.stdout.write(`${line}\n`),
});
await installation.close();
