import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServerSettings } from './protocol.ts';

export interface RunningServer {
  url: string;
  stop(): Promise<void>;
}

/** Starts a server of this folder in a process of its own, as in production. */
export async function startServer(name: string, settings: ServerSettings): Promise<RunningServer> {
  const process = fork(fileURLToPath(new URL(`${name}.ts`, import.meta.url)), [JSON.stringify(settings)], {
    execArgv: ['--import', 'tsx'],
    env: { NODE_ENV: 'production', GRAPHILE_ENV: 'production' },
  });
  return { url: await listening(process, name), stop: () => stopped(process) };
}

async function listening(process: ChildProcess, name: string): Promise<string> {
  const message = once(process, 'message') as Promise<[string]>;
  const exit = once(process, 'exit').then(() => {
    throw new Error(`The server ${name} ended before it listened`);
  });
  return (await Promise.race([message, exit]))[0];
}

async function stopped(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const exit = once(process, 'exit');
  process.kill();
  await exit;
}
