import pino from 'pino';
import { createHttpServer } from '../../src/server/http.ts';
import { announce, open, settings } from './protocol.ts';

// Kontor as `npm start` serves it, over the benchmark's database.
const installation = await open(settings());
const app = await createHttpServer(installation, { log: pino({ level: 'warn' }, pino.destination(2)) });
await app.listen({ host: '127.0.0.1', port: 0 });
announce(app.server);
