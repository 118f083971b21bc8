import { openPlayground, type OpenedPlayground } from '../support/browser.ts';
import { type Home, openHome, type Running } from '../support/processes.ts';
import { post } from '../support/server.ts';

let home: Home;
let server: Running;
beforeAll(async () => {
  home = await openHome();
  server = await home.start();
});
afterAll(() => home.remove());

test('the start says where it serves and how to get a token', () => {
  expect(server.output).toContain(`Kontor ready at ${server.url}\n`);
  expect(server.output).toContain(`Playground  ${server.url}/`);
  expect(server.output).toContain('npm run -s kontor -- token --role ADMIN');
});

test('it lives, it is ready, and it asks strangers for a token', async () => {
  expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  const answer = await post(server.url, null, { query: '{ viewer { role } }' });
  expect(answer).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

describe('the playground in a browser', () => {
  let playground: OpenedPlayground;
  beforeAll(async () => {
    playground = await openPlayground(server.url);
  });
  afterAll(() => playground.close());

  test('opens on Sample, signed in, and the first tab shows a page of accounts with rows', async () => {
    expect(await playground.tabs()).toContain('AccountPage');
    const { data, errors } = (await playground.run()) as {
      data: { accounts: { totalCount: number; nodes: object[] } };
      errors?: [];
    };
    expect(errors).toBeUndefined();
    expect(data.accounts.totalCount).toBeGreaterThan(20);
    expect(data.accounts.nodes[0]).toMatchObject({
      name: expect.any(String),
      contacts: {
        nodes: expect.arrayContaining([expect.objectContaining({ lastName: expect.any(String) })]),
      },
      metrics: { openPipeline: { count: expect.any(Number) } },
    });
    expect(await playground.visibleResponse()).toContain('"totalCount"');
  });

  test('switches to Main, which is empty', async () => {
    await playground.switchOrganization('Main (empty)');
    await playground.openTab('AccountPage');
    expect(await playground.run()).toMatchObject({ data: { accounts: { totalCount: 0, nodes: [] } } });
  });

  test('takes nothing from anywhere else, and has nothing to complain about', () => {
    expect(playground.requests.filter((url) => !/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(url))).toEqual(
      [],
    );
    expect(playground.problems).toEqual([]);
  });
});

test('a second server beside it says in one line that the port is taken', async () => {
  const port = new URL(server.url).port;
  const other = await openHome({ PORT: port });
  await expect(other.start('--empty')).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken`);
  await other.remove();
});

test('after kill -9 it starts again with the same data, and the playground opens on Main once Main has records', async () => {
  await server.stop('SIGKILL');
  server = await home.start();
  const { token } = await home.json('token', '--role', 'AE');
  const created = await post(server.url, token, {
    query: 'mutation { createAccount(input: { name: "First" }) { account { name } userErrors { message } } }',
  });
  expect(created.data).toEqual({ createAccount: { account: { name: 'First' }, userErrors: [] } });
  const config = await fetch(`${server.url}/playground/config`, {
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  const { session } = (await config.json()) as {
    session: { selected: string; organizations: { id: string; name: string }[] };
  };
  expect(session.organizations.find(({ id }) => id === session.selected)?.name).toBe('Main');
  expect(session.organizations.map(({ name }) => name).sort()).toEqual(['Main', 'Sample']);
});
