import 'reflect-metadata';
import assert from 'node:assert/strict';
import os from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { type Contender, contenders, type Page } from './contenders.ts';
import { type BenchDatabase, openBenchDatabase } from './database.ts';
import { run, type Round, send } from './load.ts';
import { measureMetrics, metricsReport } from './metrics.ts';
import { jsonReport, type Measured, tableReport } from './report.ts';
import { type RunningServer, startServer } from './servers/start.ts';

/** As Kontor's default, for all. */
const POOL_SIZE = 16;
const PAGES = 1000;

interface Options {
  accounts: number;
  seconds: number;
  connections: number;
  rounds: number;
  dataDir?: string;
  json?: boolean;
  metricsOnly?: boolean;
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('must be a whole number above 0');
  return Number(text);
}

const options = new Command('npm run bench --')
  .description(
    'One page of 20 accounts with 10 contacts and 10 opportunities each: Kontor, PostGraphile, and by hand.',
  )
  .option(
    '--accounts <number>',
    'accounts; ten times as many contacts, twenty times opportunities',
    positive,
    50_000,
  )
  .option('--seconds <number>', 'length of a round', positive, 5)
  .option('--connections <number>', 'requests at once', positive, 16)
  .option('--rounds <number>', 'rounds of each contender, in turn', positive, 10)
  .option('--data-dir <directory>', 'keep the filled database there for the next run')
  .option('--metrics-only', 'skip the account page')
  .option('--json', 'print JSON instead of a table')
  .parse()
  .opts<Options>();
const say = (line: string) => process.stderr.write(`${line}\n`);

interface Running {
  contender: Contender;
  server: RunningServer;
  url: string;
  bodies: string[];
  rounds: Round[];
}

async function start(contender: Contender, database: BenchDatabase): Promise<Running> {
  const server = await startServer(contender.server, { databaseUrl: database.url, poolSize: POOL_SIZE });
  const url = server.url + contender.path;
  const bodies = await contender.requests(database.starts, (body) =>
    send({ url, token: database.token }, body),
  );
  return { contender, server, url, bodies, rounds: [] };
}

/** All must give the same rows, or the comparison means nothing. */
async function checkAnswers(running: Running[], token: string): Promise<void> {
  for (const index of [0, Math.floor(PAGES / 2), PAGES - 1]) {
    const pages: Page[] = [];
    for (const { contender, url, bodies } of running)
      pages.push(contender.page(await send({ url, token }, bodies[index]!)));
    assert.equal(pages[0]!.length, 20);
    for (const { contacts, opportunities } of pages[0]!)
      assert.deepEqual([contacts.length, opportunities.length], [10, 10]);
    for (const page of pages.slice(1)) assert.deepEqual(page, pages[0]);
  }
}

async function measure(database: BenchDatabase): Promise<Measured> {
  const running: Running[] = [];
  try {
    for (const contender of contenders) running.push(await start(contender, database));
    await checkAnswers(running, database.token);
    const { token } = database;
    const { connections, seconds } = options;
    for (const { url, bodies, contender } of running) {
      say(`Warming up ${contender.name}`);
      await run({ url, token, connections, seconds: Math.max(3, seconds / 2), bodies });
    }
    for (let round = 1; round <= options.rounds; round++) {
      for (const { url, bodies, contender, rounds } of running) {
        const result = await run({ url, token, connections, seconds, bodies });
        rounds.push(result);
        say(
          `Round ${round} of ${options.rounds}  ${contender.name}  ${result.requestsPerSecond.toFixed(0)}/s`,
        );
      }
    }
    return {
      machine: `${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GB`,
      node: process.version,
      postgresql: database.version,
      rows: database.rows,
      connections,
      seconds,
      contenders: running.map(({ contender, rounds }) => ({ name: contender.name, rounds })),
    };
  } finally {
    await Promise.all(running.map(({ server }) => server.stop()));
  }
}

async function metricsOn(database: BenchDatabase) {
  const server = await startServer(contenders[0]!.server, {
    databaseUrl: database.url,
    poolSize: POOL_SIZE,
  });
  try {
    const { token, otherToken } = database;
    return await measureMetrics({ url: server.url, token, otherToken }, database, options.rounds);
  } finally {
    await server.stop();
  }
}

say(`Filling ${options.accounts} accounts`);
const database = await openBenchDatabase(
  { accounts: options.accounts, pages: PAGES, directory: options.dataDir },
  say,
);
try {
  const measured = options.metricsOnly ? null : await measure(database);
  const metrics = await metricsOn(database);
  process.stdout.write(
    options.json
      ? jsonReport(measured, metrics)
      : `${measured ? tableReport(measured) : ''}${metricsReport(metrics)}`,
  );
} finally {
  await database.close();
}
