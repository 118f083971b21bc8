import type { AddressInfo } from 'node:net';
import type { IncomingMessage, Server } from 'node:http';
import type { PoolConfig } from 'pg';
import { readConfig } from '../../src/config.ts';
import { APP_ROLE, PLANNING } from '../../src/database/database.ts';
import { type Installation, openInstallation } from '../../src/server/installation.ts';

/** What a server process is started with. */
export interface ServerSettings {
  databaseUrl: string;
  poolSize: number;
}

export function settings(): ServerSettings {
  return JSON.parse(process.argv[2] ?? '') as ServerSettings;
}

/** All servers check tokens by the same code with the same caches. */
export function open({ databaseUrl, poolSize }: ServerSettings): Promise<Installation> {
  return openInstallation({ ...readConfig({}), databaseUrl, poolSize });
}

/** Connections as Kontor makes its own: same role, same settings, as many. */
export function connections({ databaseUrl, poolSize }: ServerSettings): PoolConfig {
  return {
    connectionString: databaseUrl,
    options: `-c role=${APP_ROLE} -c timezone=UTC ${PLANNING}`,
    max: poolSize,
  };
}

/** The bearer token of a request, if it has one. */
export function bearerToken({ headers }: IncomingMessage): string {
  return headers.authorization?.slice('Bearer '.length) ?? '';
}

/** Tells the benchmark where the server listens; it ends when the benchmark goes away. */
export function announce(server: Server): void {
  const { port } = server.address() as AddressInfo;
  process.once('disconnect', () => process.exit());
  process.send?.(`http://127.0.0.1:${port}`);
}
