// Runs jest under the Node that npm installed, with ES modules switched on; arguments go to jest.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const options = [
  process.env['NODE_OPTIONS'],
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
];
const run = spawn(process.execPath, [jest, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, NODE_OPTIONS: options.filter(Boolean).join(' ') },
});
// Ctrl-C reaches jest as well: wait for it to clean up.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => run.kill(signal));
run.on('exit', (code, signal) => process.exit(signal ? 1 : code));
