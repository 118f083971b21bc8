import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { readConfig } from '../../src/config.ts';
import { type EmbeddedDatabase, openEmbeddedDatabase } from '../../src/database/embedded.ts';
import { createOrganization, type Organization } from '../../src/identity/organization.service.ts';
import { type Installation, openInstallation } from '../../src/server/installation.ts';
import { type Home, openHome, type Running } from '../support/processes.ts';
import { tokenOf } from '../support/served.ts';
import { clientOf, type Ledger } from './kill-clients.ts';
import { type Findings, verify } from './kill-findings.ts';

/** How much is to be killed, and how often somebody looks at what is left. */
export interface KillPlan {
  serverKills: number;
  /** Backends ended as an operator does it: pg_terminate_backend. */
  backendTerminations: number;
  /** Backends killed with SIGKILL: PostgreSQL then ends all the others and recovers from its log. */
  backendKills: number;
  /** Kills between two looks. */
  perCycle: number;
  clients: number;
  onProgress?: (line: string) => void;
}

export interface KillReport extends Findings {
  serverKills: number;
  backendTerminations: number;
  backendKills: number;
  cycles: number;
  /** Operations that were asked again after a lost connection or a server that was not there. */
  retries: number;
  /** Answers that no client should ever get: errors that neither a rule nor a lost database explains. */
  unexpected: string[];
  seconds: number;
}

/** Milliseconds in which a conversion is at a place nobody can tell. */
const MOMENT = 150;

type Kind = 'SERVER' | 'TERMINATE' | 'KILL';

/** A database and two servers of their own, clients that convert without a pause, and somebody who kills. */
export async function runKills(plan: KillPlan): Promise<KillReport> {
  const started = performance.now();
  const scene = await Scene.open();
  try {
    const ledger: Ledger = { entries: [], answers: 0, retries: 0, unexpected: [] };
    const report: KillReport = {
      ...{ serverKills: 0, backendTerminations: 0, backendKills: 0, cycles: 0, retries: 0, seconds: 0 },
      ...{ acknowledged: 0, reverted: 0, lost: [], partial: [], changed: [], unexpected: [] },
    };
    const kills = shuffled(plan);
    while (kills.length > 0) {
      await cycle(scene, plan, kills.splice(0, plan.perCycle), ledger, report);
      plan.onProgress?.(
        `${kills.length} kills left, ${ledger.entries.length} acknowledged, ${ledger.retries} retries`,
      );
    }
    const { retries, unexpected } = ledger;
    return { ...report, retries, unexpected, seconds: Math.round((performance.now() - started) / 1000) };
  } finally {
    await scene.close();
  }
}

function shuffled({ serverKills, backendTerminations, backendKills }: KillPlan): Kind[] {
  const kinds: [Kind, number][] = [
    ['SERVER', serverKills],
    ['TERMINATE', backendTerminations],
    ['KILL', backendKills],
  ];
  return kinds
    .flatMap(([kind, count]) => Array.from({ length: count }, () => ({ kind, order: Math.random() })))
    .toSorted((a, b) => a.order - b.order)
    .map(({ kind }) => kind);
}

/** Some kills while clients convert; then they come to an end of what they do, and what there is is looked at. */
async function cycle(
  scene: Scene,
  plan: KillPlan,
  kills: Kind[],
  ledger: Ledger,
  report: KillReport,
): Promise<void> {
  let isOver = false;
  const clients = Array.from({ length: plan.clients }, (_, index) =>
    clientOf(index, () => scene.servers, scene.token, ledger).until(() => isOver),
  );
  for (const kind of kills) {
    await progress(ledger);
    await sleep(Math.random() * MOMENT);
    if (kind === 'SERVER') {
      await scene.killServer();
      report.serverKills++;
    } else if (await scene.killBackend(kind)) {
      report[kind === 'KILL' ? 'backendKills' : 'backendTerminations']++;
    }
  }
  isOver = true;
  await Promise.all(clients);
  await scene.restart();
  Object.assign(report, await verify(scene.installation, scene.organization, scene.again, ledger, report));
  report.cycles++;
}

/** Until clients are told of something new: what is killed has to be at work, not starting. */
async function progress(ledger: Ledger): Promise<void> {
  const before = ledger.answers;
  while (ledger.answers === before) await sleep(5);
}

class Scene {
  servers: (Running | undefined)[] = [];
  private starting: Promise<void>[] = [];

  private constructor(
    private readonly directory: string,
    private readonly postgres: EmbeddedDatabase,
    readonly installation: Installation,
    private readonly home: Home,
    readonly organization: Organization & { adminId: string },
    readonly token: string,
  ) {}

  static async open(): Promise<Scene> {
    const directory = fs.mkdtempSync(
      path.join(process.getuid?.() === 0 ? '/tmp' : os.tmpdir(), 'kontor-test-kills-'),
    );
    fs.chmodSync(directory, 0o755);
    const postgres = await openEmbeddedDatabase({
      dataDir: path.join(directory, 'data'),
      systemDir: path.join(directory, 'system'),
    });
    const installation = await openInstallation(readConfig({ DATABASE_URL: postgres.url }));
    const organization = await createOrganization(installation.database, { name: 'Kills' });
    const home = await openHome({ DATABASE_URL: postgres.url, KONTOR_POOL_SIZE: '6' });
    const token = await tokenOf(installation, organization);
    const scene = new Scene(directory, postgres, installation, home, organization, token);
    scene.servers = await Promise.all([home.start('--empty'), home.start('--empty')]);
    return scene;
  }

  /** Kills one of the servers, and starts it again while the other one goes on. */
  async killServer(): Promise<void> {
    const place = this.servers.findIndex((server) => server !== undefined);
    if (place < 0) return this.restart().then(() => this.killServer());
    const server = this.servers[place]!;
    this.servers[place] = undefined;
    await server.stop('SIGKILL');
    this.starting.push(
      this.startUntilReady().then((started) => {
        this.servers[place] = started;
      }),
    );
  }

  /** PostgreSQL may be recovering just then: as a supervisor does, try again. */
  private async startUntilReady(): Promise<Running> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.home.start('--empty');
      } catch (error) {
        if (attempt === 20) throw error;
        await sleep(200);
      }
    }
  }

  /** Until both serve again. */
  async restart(): Promise<void> {
    while (this.starting.length > 0) await Promise.all(this.starting.splice(0));
  }

  /** Kills a backend that works for one of the servers; false when there is none. */
  async killBackend(kind: 'TERMINATE' | 'KILL'): Promise<boolean> {
    for (let attempt = 1; attempt <= 200; attempt++) {
      try {
        if (await this.tryToKill(kind)) return true;
        await sleep(10);
      } catch {
        // The database is just recovering from the kill before.
        await sleep(100);
      }
    }
    return false;
  }

  private async tryToKill(kind: 'TERMINATE' | 'KILL'): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.postgres.url, connectionTimeoutMillis: 10_000 });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { rows } = await client.query<{ pid: number }>(`
        select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
        and application_name = 'kontor' and state <> 'idle' order by random() limit 1`);
      const [victim] = rows;
      if (!victim) return false;
      if (kind === 'KILL') process.kill(victim.pid, 'SIGKILL');
      else await client.query('select pg_terminate_backend($1)', [victim.pid]);
      return true;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Any server that answers. */
  readonly again = () =>
    clientOf(0, () => this.servers, this.token, { entries: [], answers: 0, retries: 0, unexpected: [] });

  async close(): Promise<void> {
    await Promise.allSettled(this.starting);
    await this.home.remove();
    await this.installation.close();
    await this.postgres.stop();
    fs.rmSync(this.directory, { recursive: true, force: true, maxRetries: 10 });
  }
}
