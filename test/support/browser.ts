import { execFile } from 'node:child_process';
import { access, chmod, constants, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright-core';

const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const chromiumPackage = join(modules, '@sparticuz/chromium');

/** Quiet, without a sandbox (root has none), and without any service that would talk to the network. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--font-render-hinting=none',
];

/** Chromium from the registry, with its own libraries and font, so that no system package is needed. */
export async function launchBrowser(): Promise<{ browser: Browser; close: () => Promise<void> }> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const browser = await chromium.launch({ channel: 'chrome' });
    return { browser, close: () => browser.close() };
  }
  const { folder, remove } = await unpackedChromium();
  const browser = await chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: flags,
    env: {
      HOME: folder,
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  });
  const close = async () => {
    await browser.close();
    await remove();
  };
  return { browser, close };
}

/** Unpacked once beside the packages; where they are read-only, into a folder of this run. */
async function unpackedChromium(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const { version } = JSON.parse(await readFile(join(chromiumPackage, 'package.json'), 'utf8')) as {
    version: string;
  };
  const folder = join(modules, `.cache/chromium-${version}`);
  const keep = async () => {};
  if (await allows(constants.X_OK, join(folder, 'chromium'))) return { folder, remove: keep };
  if (!(await allows(constants.W_OK, modules))) {
    const own = await mkdtemp(join(tmpdir(), 'kontor-chromium-'));
    await unpack(own);
    return { folder: own, remove: () => rm(own, { recursive: true, force: true }) };
  }
  await mkdir(dirname(folder), { recursive: true });
  const partial = await mkdtemp(`${folder}-`);
  await unpack(partial, folder);
  // Two test processes may unpack at once: the first rename wins, both copies are equal.
  await rename(partial, folder).catch(() => rm(partial, { recursive: true, force: true }));
  return { folder, remove: keep };
}

/** The package unpacks into the temporary directory of its process, so it gets a process of its own. */
async function unpack(into: string, home = into): Promise<void> {
  const script = `
    const { inflate } = await import(${JSON.stringify(join(chromiumPackage, 'build/index.js'))});
    for (const archive of ['al2023.tar.br', 'fonts.tar.br', 'chromium.br'])
      await inflate(${JSON.stringify(join(chromiumPackage, 'bin'))} + '/' + archive);`;
  const env = { TMPDIR: into };
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { env });
  // What root unpacked, an ordinary user may run.
  await Promise.all([into, join(into, 'chromium')].map((path) => chmod(path, 0o755)));
  await writeFile(
    join(into, 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>${join(home, 'fonts/fonts')}</dir><cachedir>${join(home, 'fontconfig')}</cachedir></fontconfig>`,
  );
}

const allows = (mode: number, path: string) =>
  access(path, mode).then(
    () => true,
    () => false,
  );

/** The playground as a visitor sees it, and what must never happen while it is used. */
export interface OpenedPlayground {
  page: Page;
  /** Every address the page asked for. */
  requests: string[];
  /** Console errors, uncaught exceptions, violations of the content security policy, failed requests. */
  problems: string[];
  tabs(): Promise<string[]>;
  openTab(title: string): Promise<void>;
  /** Clicks the run button and gives what the response pane then holds. */
  run(): Promise<unknown>;
  /** The rows of the response pane that are on the screen. */
  visibleResponse(): Promise<string>;
  switchOrganization(name: string): Promise<void>;
  close(): Promise<void>;
}

/** The whole response (the screen shows only the rows that fit); GraphiQL publishes its editors as __MONACO. */
const responseText = `__MONACO.editor.getEditors().map((editor) => editor.getModel())
  .find((model) => model?.uri.path.endsWith('response.json'))?.getValue()`;

/** The editors paint in the frame after a change. */
const twoFrames = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';

/** Opens `baseUrl` in a fresh profile and waits until the first operation can be run. */
export async function openPlayground(baseUrl: string): Promise<OpenedPlayground> {
  const { browser, close } = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const requests: string[] = [];
  const problems: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // What a reload interrupts did not fail.
    if (reason !== 'net::ERR_ABORTED') problems.push(`${request.url()}: ${reason}`);
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });

  const runButton = page.getByRole('button', { name: 'Execute query' });
  const response = page.locator('.graphiql-response');
  const ready = async () => {
    await runButton.waitFor();
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
    await page.locator('.graphiql-response .monaco-editor').waitFor();
  };
  await page.goto(baseUrl);
  await ready();

  return {
    page,
    requests,
    problems,
    tabs: () => page.locator('.graphiql-tab-button').allInnerTexts(),
    openTab: (title) => page.locator('.graphiql-tab-button', { hasText: title }).click(),
    async run() {
      await runButton.click();
      // It is a stop button until the answer is there.
      await runButton.waitFor();
      return JSON.parse(await page.evaluate<string>(responseText)) as unknown;
    },
    async visibleResponse() {
      await page.evaluate(twoFrames);
      return (await response.innerText()).replaceAll('\u00a0', ' ');
    },
    async switchOrganization(name) {
      await Promise.all([page.waitForEvent('load'), page.getByLabel('Organization').selectOption(name)]);
      await ready();
    },
    close,
  };
}
