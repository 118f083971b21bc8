import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { BuildOptions, BuildResult } from 'esbuild';
import { z } from 'zod';

/** Everything the browser loads. Bodies are kept as gzip: browsers take that, and it is a fifth of the size. */
export interface PlaygroundBundle {
  html: string;
  /** By file name; every name carries the hash of its content. */
  assets: Map<string, { contentType: string; gzip: Buffer }>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const webFolder = join(root, 'src/web');

/** One file, so that a rename publishes a build as a whole and a reader never meets half of it. */
const defaultCacheFile = join(root, 'dist/web/playground.json');

const cachedBundle = z.object({
  /** Hash of our own sources and of this build recipe. */
  sources: z.string(),
  /** Version of every package that went in, by folder. */
  packages: z.record(z.string(), z.string()),
  html: z.string(),
  assets: z.record(z.string(), z.object({ contentType: z.string(), gzip: z.base64() })),
});
type CachedBundle = z.infer<typeof cachedBundle>;

/** Requests of one process share a build that is under way. */
const underWay = new Map<string, Promise<PlaygroundBundle>>();

/**
 * The bundle for the sources as they are now: from the cache, or built and cached (if the folder can be
 * written). Without the packages it is built from (`--omit=dev`) an existing bundle is taken as it is.
 */
export function playgroundBundle({ cacheFile = defaultCacheFile, build = bundleSources } = {}) {
  const running = underWay.get(cacheFile);
  if (running) return running;
  const starting = cachedOrBuilt(cacheFile, build).finally(() => underWay.delete(cacheFile));
  underWay.set(cacheFile, starting);
  return starting;
}

async function cachedOrBuilt(file: string, build: typeof bundleSources): Promise<PlaygroundBundle> {
  const cached = await readCache(file);
  if (cached && (await isCurrent(cached))) return unpacked(cached);
  const built = await build().catch((error: unknown) => {
    if (cached) return cached;
    throw error;
  });
  if (built !== cached) await writeCache(file, built);
  return unpacked(built);
}

function unpacked({ html, assets }: CachedBundle): PlaygroundBundle {
  const entries = Object.entries(assets).map(
    ([name, { contentType, gzip }]) => [name, { contentType, gzip: Buffer.from(gzip, 'base64') }] as const,
  );
  return { html, assets: new Map(entries) };
}

async function readCache(file: string): Promise<CachedBundle | undefined> {
  try {
    return cachedBundle.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined; // missing, or from another version of this file: it is built anew
  }
}

async function writeCache(file: string, bundle: CachedBundle): Promise<void> {
  const partial = `${file}.${randomUUID()}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(partial, JSON.stringify(bundle));
    await rename(partial, file);
  } catch {
    // A read-only checkout: this process serves what it has in memory, the next one builds again.
    await rm(partial, { force: true }).catch(() => undefined);
  }
}

async function isCurrent({ sources, packages }: CachedBundle): Promise<boolean> {
  if (sources !== (await hashOfSources())) return false;
  const checks = Object.entries(packages).map(async ([folder, version]) => {
    const installed = await installedVersion(folder);
    return installed === undefined || installed === version;
  });
  return (await Promise.all(checks)).every(Boolean);
}

async function hashOfSources(): Promise<string> {
  const names = (await readdir(webFolder, { recursive: true })).filter((name) => extname(name) !== '').sort();
  const hash = createHash('sha256').update(await readFile(fileURLToPath(import.meta.url)));
  for (const name of names) {
    hash
      .update(`\0${name.replaceAll(sep, '/')}\0`)
      .update((await readFile(join(webFolder, name), 'utf8')).replaceAll('\r\n', '\n'));
  }
  return hash.digest('hex');
}

async function installedVersion(folder: string): Promise<string | undefined> {
  try {
    const text = await readFile(join(root, folder, 'package.json'), 'utf8');
    return (JSON.parse(text) as { version?: string }).version;
  } catch {
    return undefined;
  }
}

const target = ['chrome120', 'firefox121', 'safari17'];
const publicPath = '/playground';

export async function bundleSources(): Promise<CachedBundle> {
  // Loaded here, and its process ended: a server whose bundle is current needs neither.
  const esbuild = await import('esbuild');
  return await bundleWith(esbuild).finally(() => esbuild.stop());
}

async function bundleWith(esbuild: typeof import('esbuild')): Promise<CachedBundle> {
  const sources = await hashOfSources();
  const options = {
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    outdir: join(root, 'dist/web'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    publicPath,
    target,
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  } satisfies BuildOptions;

  const [workers, styles] = await Promise.all([
    esbuild.build({
      ...options,
      format: 'iife',
      entryPoints: {
        'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
        'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
        'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
      },
    }),
    esbuild.build({
      ...options,
      entryPoints: { style: join(webFolder, 'style.css'), icon: join(webFolder, 'icon.svg') },
      loader: { '.svg': 'copy', '.ttf': 'file', '.woff2': 'file' },
    }),
  ]);
  const script = await esbuild.build({
    ...options,
    format: 'esm',
    splitting: true,
    entryPoints: { main: join(webFolder, 'main.tsx') },
    jsx: 'automatic',
    // graphiql/style.css, imported by ours, already holds the editor's styles.
    loader: { '.css': 'empty' },
    define: {
      ...options.define,
      WORKERS: JSON.stringify({
        editor: assetUrl(workers, 'editor.worker'),
        json: assetUrl(workers, 'json.worker'),
        graphql: assetUrl(workers, 'graphql.worker'),
      }),
    },
  });

  const results = [workers, styles, script];
  const html = (await readFile(join(webFolder, 'index.html'), 'utf8'))
    .replace('{{main.js}}', assetUrl(script, 'main'))
    .replace('{{style.css}}', assetUrl(styles, 'style'))
    .replace('{{icon.svg}}', assetUrl(styles, 'icon'));
  return { sources, packages: await packagesIn(results), html, assets: assetsIn(results) };
}

function assetUrl(result: BuildResult<{ metafile: true }>, entryName: string): string {
  const output = Object.keys(result.metafile.outputs).find((path) =>
    fileName(path).startsWith(`${entryName}-`),
  );
  if (!output) throw new Error(`The playground bundle has no ${entryName}`);
  return `${publicPath}/${fileName(output)}`;
}

const contentTypes: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
};

function assetsIn(results: BuildResult<{ write: false }>[]): CachedBundle['assets'] {
  const assets: CachedBundle['assets'] = {};
  for (const { path, contents } of results.flatMap((result) => result.outputFiles)) {
    const contentType = contentTypes[extname(path)] ?? 'application/octet-stream';
    assets[fileName(path)] = { contentType, gzip: gzipSync(contents).toString('base64') };
  }
  return assets;
}

async function packagesIn(results: BuildResult<{ metafile: true }>[]): Promise<Record<string, string>> {
  const folders = results
    .flatMap((result) => Object.keys(result.metafile.inputs))
    .flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  const versions: Record<string, string> = {};
  for (const folder of new Set(folders)) {
    const version = await installedVersion(folder);
    if (version) versions[folder] = version;
  }
  return versions;
}

const fileName = (path: string) => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
