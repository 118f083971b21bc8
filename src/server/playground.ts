import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { sessionAccess } from './playground-access.ts';
import { playgroundBundle, type PlaygroundBundle } from './playground-bundle.ts';
import { sampleOperations } from './playground-operations.ts';

export interface PlaygroundSession {
  organizations: { id: string; name: string; token: string; hasRecords: boolean }[];
  /** Id of the organisation the playground opens with. */
  selected: string;
}

export interface PlaygroundOptions {
  /** Embedded mode on loopback only; without it, visitors paste their own token. */
  session?: () => Promise<PlaygroundSession>;
  /** `schema/operations`: every `*.graphql` file becomes a tab. */
  operationsDir: string;
  /** Where the bundle comes from; the tests leave it out to see the page without one. */
  bundle?: () => Promise<PlaygroundBundle>;
}

/** The editor's styles are set from script, its fonts and icons are data URLs; everything else is ours. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const protectiveHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** GraphiQL at `/`, from our own files: the page, its assets, and what the page needs to know. */
export async function playground(app: FastifyInstance, options: PlaygroundOptions): Promise<void> {
  // Not awaited: after an update the first build takes seconds, and the API need not wait for it.
  const building = (options.bundle ?? playgroundBundle)().catch((error: unknown) => {
    app.log.warn({ err: error }, 'the playground could not be built');
    return undefined;
  });
  const protect = (reply: FastifyReply) => reply.headers(protectiveHeaders);

  app.get('/', async (request, reply) => {
    const bundle = await building;
    protect(reply).type('text/html; charset=utf-8').header('cache-control', 'no-cache');
    if (!bundle) return reply.code(503).send(pageWithoutBundle);
    const etag = `"${createHash('sha256').update(bundle.html).digest('base64url')}"`;
    reply.header('etag', etag);
    return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.send(bundle.html);
  });

  app.get<{ Params: { asset: string } }>('/playground/:asset', async (request, reply) => {
    const asset = (await building)?.assets.get(request.params.asset);
    protect(reply);
    if (!asset) return reply.code(404).type('text/plain').send('No such file');
    reply
      .type(asset.contentType)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('vary', 'accept-encoding');
    if (!acceptsGzip(request.headers['accept-encoding'])) return reply.send(gunzipSync(asset.gzip));
    return reply.header('content-encoding', 'gzip').send(asset.gzip);
  });

  app.get('/playground/config', async (request, reply) => {
    protect(reply).header('cache-control', 'no-store');
    const access = options.session ? sessionAccess(request) : 'denied';
    if (access === 'wrong-host') {
      return reply
        .code(403)
        .type('text/plain')
        .send('This Kontor signs visitors in: open it as localhost or 127.0.0.1, not by another host name.');
    }
    const operations = await sampleOperations(options.operationsDir);
    return access === 'granted' ? { operations, session: await options.session?.() } : { operations };
  });
}

const acceptsGzip = (header: string | string[] | undefined) =>
  /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/i.test(String(header ?? ''));

const pageWithoutBundle = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>Kontor</title>
  <h1>Kontor is running</h1>
  <p>The GraphQL API answers at <code>/graphql</code>. The playground is missing, because it could not be built:
  run <code>npm ci</code> (with development dependencies) and start again.</p>
</html>
`;
