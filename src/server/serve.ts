import type { AddressInfo } from 'node:net';
import pino, { type Logger } from 'pino';
import { type Config, readConfig } from '../config.ts';
import { workConversionJobs } from '../conversion-jobs/job-worker.ts';
import { JobQueue } from '../database/job-queue.ts';
import { firstRun } from './first-run.ts';
import { createHttpServer } from './http.ts';
import { type Installation, openInstallation } from './installation.ts';
import { InstallationError } from './installation-error.ts';
import { playgroundSession } from './playground-session.ts';

/** Requests under way get this long to end; then their connections are cut. */
const REQUEST_MILLISECONDS = 5_000;
/** Whatever else hangs, the process ends. */
const SHUTDOWN_MILLISECONDS = 10_000;

/** Starts Kontor, says where it serves, and ends it cleanly on SIGINT or SIGTERM. */
export async function serve({ sample }: { sample: boolean }): Promise<void> {
  const config = readConfig();
  // Standard output is for the ready line; the log goes to standard error.
  const log = pino({ level: config.logLevel, base: null }, pino.destination(2));
  // A promise nobody waits for any longer (its operation has answered) must not end everybody else's.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
  const installation = await openInstallation(config, { onLog: (line) => log.info(line) });
  let jobs: JobQueue | undefined;
  try {
    await firstRun(installation, { sample, onLog: (line) => log.info(line) });
    const queue = await JobQueue.open(installation.database, (line) => log.warn(line));
    jobs = queue;
    const app = await createHttpServer(installation, {
      log,
      jobs: queue,
      session: config.allowPlaygroundSession ? playgroundSession(installation) : undefined,
    });
    await app.listen({ host: config.host, port: config.port }).catch((error: NodeJS.ErrnoException) => {
      throw listenFailure(error, config);
    });
    await workConversionJobs(queue, installation, (error) => log.error({ err: error }, 'conversion job'));
    onTermination(log, async () => {
      setTimeout(() => app.server.closeAllConnections(), REQUEST_MILLISECONDS).unref();
      // Whatever of them fails, the database is closed.
      await Promise.allSettled([app.close(), queue.stop()]);
      await installation.close();
    });
    announce(config, app.server.address() as AddressInfo, installation);
  } catch (error) {
    await jobs?.stop().catch(() => undefined);
    await installation.close();
    throw error;
  }
}

function listenFailure(error: NodeJS.ErrnoException, { host, port }: Config): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new InstallationError(
        `Port ${port} of ${host} is taken: set PORT to another, for example PORT=${port + 1}`,
      );
    case 'EACCES':
      return new InstallationError(`Port ${port} may not be used by this user: set PORT to one above 1023`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new InstallationError(`HOST ${host} is no address of this machine`);
    default:
      return error;
  }
}

function announce(config: Config, { address, port, family }: AddressInfo, { embedded }: Installation): void {
  const everywhere = address === '0.0.0.0' || address === '::';
  const host = everywhere ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  const url = `http://${host}:${port}`;
  const signedIn = config.allowPlaygroundSession ? ', signed in as the admin' : '';
  process.stdout.write(`Kontor ready at ${url}
  Playground  ${url}/ (GraphQL at ${url}/graphql${signedIn})
  Token       npm run -s kontor -- token --role ADMIN
  Database    ${embedded ? `embedded PostgreSQL in ${config.dataDir}` : 'DATABASE_URL'}
`);
}

function onTermination(log: Logger, close: () => Promise<void>): void {
  let ending = false;
  const end = (signal: NodeJS.Signals) => {
    if (ending) return;
    ending = true;
    log.info(`${signal}: ending`);
    setTimeout(() => process.exit(1), SHUTDOWN_MILLISECONDS).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not end cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}
