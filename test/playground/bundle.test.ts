import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { bundleSources, playgroundBundle } from '../../src/server/playground-bundle.ts';

const bundleModule = fileURLToPath(new URL('../../src/server/playground-bundle.ts', import.meta.url));
type Built = Awaited<ReturnType<typeof bundleSources>>;

let folder: string;
let cacheFile: string;
let real: Built;

beforeAll(async () => {
  real = await bundleSources();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontor-bundle-'));
  cacheFile = join(folder, 'web/playground.json');
});
afterEach(() => rm(folder, { recursive: true }));

const writeCache = async (changes: Partial<Built>) => {
  await mkdir(join(folder, 'web'), { recursive: true });
  await writeFile(cacheFile, JSON.stringify({ ...real, ...changes }));
};
const rebuilt = async () => ({ ...real, html: 'built again' });
const servedHtml = async () => (await playgroundBundle({ cacheFile, build: rebuilt })).html;

it('holds the page, its styles, its script and the three editor workers, and no address of another host', () => {
  const names = Object.keys(real.assets).map((name) => name.replace(/-[A-Z0-9]{8}\./, '.'));
  expect(names).toEqual(
    expect.arrayContaining([
      'main.js',
      'style.css',
      'icon.svg',
      'editor.worker.js',
      'json.worker.js',
      'graphql.worker.js',
    ]),
  );
  const texts = Object.values(real.assets).map(({ gzip }) =>
    gunzipSync(Buffer.from(gzip, 'base64')).toString(),
  );
  const loaders = /(?:import\(|importScripts\(|new Worker\(|url\(|@import )["'`]?https?:/;
  expect(texts.filter((text) => loaders.test(text))).toEqual([]);
});

it('is whole when two processes start at once', async () => {
  const script = `
    import { playgroundBundle } from ${JSON.stringify(bundleModule)};
    const { html } = await playgroundBundle({ cacheFile: ${JSON.stringify(cacheFile)} });
    process.stdout.write(html);`;
  const start = async () =>
    (
      await promisify(execFile)(process.execPath, [
        '--import',
        'tsx',
        '--input-type=module',
        '--eval',
        script,
      ])
    ).stdout;
  expect(await Promise.all([start(), start()])).toEqual([real.html, real.html]);
  expect(await readdir(join(folder, 'web'))).toEqual(['playground.json']);
});

it('is built once while sources and packages stay what they were', async () => {
  expect(await servedHtml()).toBe('built again');
  const { mtimeMs } = await stat(cacheFile);
  const mustNotBuild = () => Promise.reject(new Error('nothing has changed'));
  expect((await playgroundBundle({ cacheFile, build: mustNotBuild })).html).toBe('built again');
  expect((await stat(cacheFile)).mtimeMs).toBe(mtimeMs);
});

it.each<[string, () => Partial<Built>]>([
  ['one of our sources', () => ({ sources: 'those of yesterday' })],
  ['a package', () => ({ packages: { ...real.packages, 'node_modules/graphiql': '5.0.0' } })],
])('is built again when %s has changed', async (_what, changes) => {
  await writeCache(changes());
  expect(await servedHtml()).toBe('built again');
});

it('is built again when its file is damaged', async () => {
  await writeCache({});
  await writeFile(cacheFile, (await readFile(cacheFile, 'utf8')).slice(0, 1000));
  expect(await servedHtml()).toBe('built again');
});

it('is used as it is when its packages are not installed, even if it is old', async () => {
  await writeCache({ html: 'built elsewhere', packages: { 'node_modules/not-installed': '1.0.0' } });
  expect(await servedHtml()).toBe('built elsewhere');

  await writeCache({ html: 'built elsewhere', sources: 'those of yesterday' });
  const cannotBuild = () => Promise.reject(new Error('graphiql is not installed'));
  expect((await playgroundBundle({ cacheFile, build: cannotBuild })).html).toBe('built elsewhere');
});

it('is served from memory where the folder cannot be written', async () => {
  await mkdir(cacheFile, { recursive: true }); // a folder in its place fails the rename, for root as well
  expect(await servedHtml()).toBe('built again');
  expect(await readdir(join(folder, 'web'))).toEqual(['playground.json']);
});
