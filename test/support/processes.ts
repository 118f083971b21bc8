import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { kontor, type Outcome } from './command.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Kontor as a user runs it: processes of their own on a data directory of their own. */
export interface Home {
  dataDir: string;
  /** Starts the server on a free port and waits for its ready line. */
  start(...args: string[]): Promise<Running>;
  /** Runs `kontor …` to its end. */
  kontor(...args: string[]): Promise<Outcome>;
  /** The same, as JSON; fails the test when the command fails. */
  // eslint-disable-next-line typescript/no-explicit-any -- results are asserted field by field
  json(...args: string[]): Promise<any>;
  remove(): Promise<void>;
}

export interface Running {
  url: string;
  output: string;
  process: ChildProcess;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const READY = /^Kontor ready at (http:\S+)$/m;

export async function openHome(environment: Record<string, string> = {}): Promise<Home> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'kontor-story-'));
  // Else root's PostgreSQL, which runs as another user, would keep its files outside, where nobody removes them.
  await chmod(dataDir, 0o755);
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    KONTOR_DATA_DIR: dataDir,
    PORT: '0',
    KONTOR_LOG_LEVEL: 'error',
    ...environment,
  };
  const running = new Set<Running>();
  const serve = (args: string[]) =>
    spawn(process.execPath, ['--import', 'tsx', path.join(root, 'src/main.ts'), ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  const home: Home = {
    dataDir,
    start: (...args) =>
      new Promise((resolve, reject) => {
        const child = serve(args);
        let output = '';
        const ended = new Promise<void>((done) => child.once('exit', () => done()));
        const listen = (chunk: Buffer) => {
          output += chunk.toString();
          const url = READY.exec(output)?.[1];
          // the lines after the ready line come with it
          if (!url || !output.includes('Database ')) return;
          const server: Running = {
            url,
            output,
            process: child,
            async stop(signal = 'SIGTERM') {
              running.delete(server);
              child.kill(signal);
              await ended;
            },
          };
          running.add(server);
          resolve(server);
        };
        child.stdout.on('data', listen);
        child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
        void ended.then(() => reject(new Error(`the server ended: ${output}`)));
      }),
    kontor: (...args) => kontor(env, ...args),
    async json(...args) {
      const { code, stdout, stderr } = await home.kontor(...args, '--json');
      if (code !== 0) throw new Error(`kontor ${args.join(' ')} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout) as unknown;
    },
    async remove() {
      for (const server of running) await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return home;
}
