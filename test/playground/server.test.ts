import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sampleAndMain, startPlaygroundApp } from '../support/playground-app.ts';

let server: Awaited<ReturnType<typeof startPlaygroundApp>>;

afterEach(() => server.close());

/** A request whose Host, Origin and Sec-Fetch-Site can be chosen, unlike with fetch. */
function get(path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
    const request = httpRequest(`${server.url}${path}`, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('error', reject).end();
  });
}

const session = async () => sampleAndMain;
const config = async (headers: Record<string, string> = {}) => {
  const { status, body } = await get('/playground/config', headers);
  return { status, session: status === 200 ? (JSON.parse(body) as { session?: unknown }).session : body };
};

describe('who gets the tokens of a signed-in playground', () => {
  beforeEach(async () => {
    server = await startPlaygroundApp({ session });
  });
  const port = () => new URL(server.url).port;

  it.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST'])('a page opened as %s', async (name) => {
    const host = `${name}:${port()}`;
    const own = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
    expect(await config(own)).toEqual({ status: 200, session: sampleAndMain });
    expect(await config({ host: name })).toEqual({ status: 200, session: sampleAndMain });
  });

  it.each([
    'kontor.example.com',
    '127.0.0.1.example.com',
    'localhost.example.com',
    '192.168.1.5',
    '127.0.0.1:80@x',
  ])('not a page opened as %s, even if that name leads here (DNS rebinding)', async (host) => {
    const { status, session: text } = await config({ host });
    expect(status).toBe(403);
    expect(text).toMatch(/open it as localhost or 127\.0\.0\.1/);
    expect(text).not.toMatch(/token-of/);
  });

  it.each<Record<string, string>>([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://example.com' },
    { origin: 'http://localhost:1' },
    { origin: 'null' },
  ])('not another site: %j', async (headers) => {
    expect(await config(headers)).toEqual({ status: 200, session: undefined });
  });

  it.each(['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'])(
    'not a visitor behind a proxy on this machine (%s)',
    async (header) => {
      expect(await config({ [header]: '127.0.0.1' })).toEqual({ status: 200, session: undefined });
    },
  );

  it.each(['203.0.113.9', '::ffff:203.0.113.9', '2001:db8::1', '10.0.0.2'])(
    'not another machine (%s), whatever Host it sends',
    async (remoteAddress) => {
      const response = await server.app.inject({
        url: '/playground/config',
        remoteAddress,
        headers: { host: 'localhost' },
      });
      expect(response.statusCode).toBe(200);
      expect(response.json()).not.toHaveProperty('session');
      expect(response.json()).toHaveProperty('operations');
    },
  );

  it.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])(
    'this machine (%s)',
    async (remoteAddress) => {
      const headers = { host: 'localhost' };
      const response = await server.app.inject({ url: '/playground/config', remoteAddress, headers });
      expect(response.json()).toHaveProperty('session', sampleAndMain);
    },
  );

  it('and nobody may keep the answer or read it from another origin', async () => {
    const { headers } = await get('/playground/config');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
  });
});

describe('without a session', () => {
  it('any host name is served, with sample operations and no token', async () => {
    server = await startPlaygroundApp();
    const { status, body } = await get('/playground/config', { host: 'kontor.example.com' });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      operations: [
        {
          title: 'Account page',
          query: expect.stringContaining('query AccountPage') as string,
          variables: { first: 2 },
        },
        { title: 'Hello', query: 'query Hello {\n  hello\n}\n' },
      ],
    });
  });

  it('a folder without operations gives none', async () => {
    server = await startPlaygroundApp({ operationsDir: '/nonexistent' });
    expect(JSON.parse((await get('/playground/config')).body)).toEqual({ operations: [] });
  });

  it('an operation added while the server runs is there at the next visit', async () => {
    server = await startPlaygroundApp();
    const file = join(server.operationsDir, '05-first.graphql');
    await writeFile(file, '# The very first\n{ hello }\n');
    const { operations } = JSON.parse((await get('/playground/config')).body) as {
      operations: { title: string }[];
    };
    expect(operations.map(({ title }) => title)).toEqual(['The very first', 'Account page', 'Hello']);
    await rm(file);
  });
});

describe('the page and its files', () => {
  beforeEach(async () => {
    server = await startPlaygroundApp();
  });

  it('the page allows only our own files and no frame around it', async () => {
    const { status, headers } = await get('/');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(/^default-src 'self';.*connect-src 'self'/);
    expect(headers['content-security-policy']).not.toMatch(/https?:|unsafe-eval|script-src/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
  });

  it('the page is asked for again, and not sent again when it is the same', async () => {
    const { headers } = await get('/');
    expect(headers['cache-control']).toBe('no-cache');
    const again = await get('/', { 'if-none-match': String(headers.etag) });
    expect(again).toMatchObject({ status: 304, body: '' });
  });

  it('its files are named by content, may be kept for ever, and come compressed to whoever takes it', async () => {
    const { body } = await get('/');
    const paths = body.match(/\/playground\/[\w.-]+/g) ?? [];
    expect(paths.map((path) => path.replace(/-[A-Z0-9]{8}\./, '.')).sort()).toEqual([
      '/playground/icon.svg',
      '/playground/main.js',
      '/playground/style.css',
    ]);
    for (const path of paths) {
      const plain = await get(path);
      const compressed = await get(path, { 'accept-encoding': 'br, gzip' });
      expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(plain.headers).not.toHaveProperty('content-encoding');
      expect(compressed.headers['content-encoding']).toBe('gzip');
      expect((await get(path, { 'accept-encoding': 'gzip;q=0' })).body).toBe(plain.body);
    }
  });

  it.each(['nothing.js', '..%2f..%2fpackage.json', '%2e%2e%2fpackage.json', '__proto__'])(
    'no other file is served: %s',
    async (name) => {
      expect((await get(`/playground/${name}`)).status).toBe(404);
    },
  );
});

it('says how to get the playground when it cannot be built, and serves GraphQL all the same', async () => {
  server = await startPlaygroundApp({ bundle: () => Promise.reject(new Error('no graphiql here')) });
  const page = await get('/');
  expect(page.status).toBe(503);
  expect(page.body).toMatch(/npm ci/);

  const answer = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { authorization: 'Bearer token-of-main', 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ hello }' }),
  });
  expect(await answer.json()).toEqual({ data: { hello: 'Moin' } });
});
