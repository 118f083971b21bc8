import { connect } from 'node:net';
import type pg from 'pg';

/** What pg knows of its backend, but for the types. */
interface Backend {
  processID: number | null;
  secretKey: number | null;
  host: string;
  port: number;
}

const CANCEL_REQUEST_CODE = 80_877_102;
const PATIENCE_MILLISECONDS = 5_000;

/**
 * Asks PostgreSQL to end what the connection is running, over a connection of its own that needs neither a place in the
 * pool nor a right; unencrypted, as libpq's PQcancel. A request may arrive late: afterwards the connection is to be
 * closed, never given to somebody else.
 */
export function requestCancel(client: pg.PoolClient): void {
  const { processID, secretKey, host, port } = client as unknown as Backend;
  if (processID === null || secretKey === null) return;
  const request = Buffer.alloc(16);
  [request.length, CANCEL_REQUEST_CODE, processID, secretKey].forEach((word, index) =>
    request.writeInt32BE(word, index * 4),
  );
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  socket.setTimeout(PATIENCE_MILLISECONDS, () => socket.destroy());
  // then the statement runs to its end or its time-out, as without the request
  socket.on('error', () => socket.destroy());
  socket.end(request);
}
