import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

export interface SampleOperation {
  title: string;
  query: string;
  variables?: Record<string, unknown>;
}

/**
 * Every `*.graphql` file of the folder in file-name order. The title is the first `# Title` line, else made
 * from the file name (`10-account-page.graphql`: Account page); variables come from `10-account-page.variables.json`.
 */
export async function sampleOperations(folder: string): Promise<SampleOperation[]> {
  const files = await filesIn(folder);
  const names = files.filter((file) => file.endsWith('.graphql')).sort();
  return await Promise.all(
    names.map(async (file) => {
      const name = basename(file, '.graphql');
      const query = await readFile(join(folder, file), 'utf8');
      const title = /^#\s*(.*\S)/m.exec(query)?.[1] ?? titleFromName(name);
      const variablesFile = `${name}.variables.json`;
      if (!files.includes(variablesFile)) return { title, query };
      return { title, query, variables: await variablesIn(join(folder, variablesFile)) };
    }),
  );
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function variablesIn(file: string): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${file} is not JSON`, { cause: error });
  }
}

function titleFromName(name: string): string {
  const words = name.replace(/^\d+-/, '').replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
