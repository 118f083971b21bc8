import { openPlayground, type OpenedPlayground } from '../support/browser.ts';
import { sampleAndMain, startPlaygroundApp } from '../support/playground-app.ts';

let server: Awaited<ReturnType<typeof startPlaygroundApp>>;
let opened: OpenedPlayground;

afterEach(async () => {
  await opened?.close();
  await server?.close();
});

/** What holds for every visit: all of the page comes from this machine, and nothing went wrong in it. */
function expectNothingForeign() {
  expect(opened.problems).toEqual([]);
  const foreign = opened.requests.filter(
    (url) => !/^(http:\/\/127\.0\.0\.1:|data:|blob:http:\/\/127)/.test(url),
  );
  expect(foreign).toEqual([]);
}

describe('the playground in a browser, signed in', () => {
  beforeEach(async () => {
    server = await startPlaygroundApp({ session: async () => sampleAndMain });
    opened = await openPlayground(server.url);
  });

  it('opens the sample operations as tabs and shows rows of the selected organisation', async () => {
    expect(await opened.tabs()).toEqual(['AccountPage', 'Hello']);

    expect(await opened.run()).toEqual({
      data: {
        accounts: [
          { name: 'Nordlicht Werft', openPipeline: '1200.00' },
          { name: 'Elbkontor AG', openPipeline: '80.00' },
        ],
      },
    });
    expect(await opened.visibleResponse()).toContain('"name": "Nordlicht Werft"');

    await opened.openTab('Hello');
    expect(await opened.run()).toEqual({ data: { hello: 'Moin' } });
    expectNothingForeign();
  });

  it('keeps tabs, with their variables, for the next visit', async () => {
    await opened.page.getByLabel('Open a sample operation').selectOption('Account page');
    const shown = await opened.run();
    const isStored = `Boolean(JSON.parse(localStorage.getItem('kontor:graphiql:tabState'))?.tabs[2]?.variables)`;
    while (!(await opened.page.evaluate<boolean>(isStored))) await opened.page.waitForTimeout(50);

    await opened.page.reload();
    expect(await opened.run()).toEqual(shown);
    expect(await opened.tabs()).toEqual(['AccountPage', 'Hello', 'AccountPage']);
    expectNothingForeign();
  });

  it('shows the other organisation after a switch, and no row of the former one', async () => {
    await opened.run();
    await opened.openTab('Hello');
    await opened.switchOrganization('Main (empty)');
    await opened.openTab('AccountPage');

    expect(await opened.visibleResponse()).not.toContain('Nordlicht');
    expect(await opened.run()).toEqual({
      data: { accounts: [{ name: 'Hafen & Söhne', openPipeline: '15.50' }] },
    });
    expect(await opened.tabs()).toEqual(['AccountPage', 'Hello']);
    expectNothingForeign();
  });

  it('documents the schema', async () => {
    await opened.page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await opened.page.getByRole('link', { name: 'Query' }).click();
    await opened.page.getByText('Companies we want to sell to.').waitFor();
    await opened.page.getByRole('link', { name: 'Account', exact: true }).click();
    await opened.page.getByText('A company with its people and deals.').waitFor();
    expectNothingForeign();
  });

  it('opens a sample again in a tab of its own', async () => {
    await opened.page.getByLabel('Open a sample operation').selectOption('Account page');

    expect(await opened.run()).toMatchObject({ data: { accounts: [{}, {}] } });
    await opened.page.getByRole('tab').nth(2).waitFor();
    expect(await opened.tabs()).toEqual(['AccountPage', 'Hello', 'AccountPage']);
    expectNothingForeign();
  });

  it('checks what is typed against the schema, in a worker', async () => {
    await opened.page.locator('.graphiql-query-editor .view-line').nth(3).click();
    await opened.page.keyboard.press('End');
    await opened.page.keyboard.type(' shoeSize');
    await opened.page.locator('.graphiql-query-editor .squiggly-error').waitFor();
    expect(opened.requests).toContainEqual(expect.stringMatching(/\/playground\/graphql\.worker-/));
    expectNothingForeign();
  });
});

it('gets a new token by itself when the server no longer takes the one of the session', async () => {
  const tokens = ['token-of-yesterday', 'token-of-sample'];
  server = await startPlaygroundApp({
    session: async () => ({
      organizations: [
        { id: 'org_sample', name: 'Sample', token: tokens.shift() ?? 'token-of-sample', hasRecords: true },
      ],
      selected: 'org_sample',
    }),
  });
  opened = await openPlayground(server.url);
  expect(await opened.run()).toMatchObject({ data: { accounts: [{ name: 'Nordlicht Werft' }, {}] } });
});

describe('the playground in a browser, without a session', () => {
  beforeEach(async () => {
    server = await startPlaygroundApp();
    opened = await openPlayground(server.url);
  });

  const paste = async (token: string) => {
    await opened.page.getByLabel('Bearer token').fill(token);
    const loaded = opened.page.waitForEvent('load');
    await opened.page.getByRole('button', { name: 'Use token' }).click();
    await loaded;
  };

  it('asks for a token and sends nothing without one', async () => {
    await opened.page.getByText('Paste a token to send operations.').first().waitFor();
    await opened.page.getByText('npm run -s kontor -- token --role ADMIN').waitFor();
    expect(await opened.run()).toMatchObject({ errors: [{ message: 'Paste a token to send operations.' }] });
    expect(opened.requests.filter((url) => url.endsWith('/graphql'))).toEqual([]);
    expectNothingForeign();
  });

  it('says that a token was refused, shows rows with a good one, and keeps it for this browser tab', async () => {
    await paste('nonsense');
    await opened.page.getByText('The server refused this token').waitFor();

    await paste('Bearer token-of-main');
    await opened.page.getByText('The server refused this token').waitFor({ state: 'detached' });
    const rows = { data: { accounts: [{ name: 'Hafen & Söhne', openPipeline: '15.50' }] } };
    expect(await opened.run()).toEqual(rows);

    await opened.page.reload();
    expect(await opened.run()).toEqual(rows);
    expect(await opened.page.evaluate('JSON.stringify(localStorage)')).not.toContain('token-of-main');
  });
});
