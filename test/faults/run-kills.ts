import { parseArgs } from 'node:util';
import { runKills } from './kill-run.ts';

// npm run faults -- --kills 300: kills servers and backends during conversions, and prints what was found as JSON.
// Of the kills, one in five is of a server, one in ten a SIGKILL of a backend, the others are terminated backends.
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '300' }, clients: { type: 'string', default: '6' } },
});
const kills = Number(values.kills);
const serverKills = Math.ceil(kills / 5);
const backendKills = Math.ceil(kills / 10);
const report = await runKills({
  ...{ serverKills, backendKills, backendTerminations: Math.max(0, kills - serverKills - backendKills) },
  ...{ perCycle: 15, clients: Number(values.clients) },
  onProgress: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
const isClean = [report.lost, report.partial, report.changed, report.unexpected].every(
  (found) => found.length === 0,
);
process.exit(isClean ? 0 : 1);
