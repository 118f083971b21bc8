import { existsSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../../../shared/data');

/** The real Salesforce exports are not part of the project: stories on them run where they lie beside the checkout. */
export const realExports = {
  devorg: path.join(folder, 'salesforce-devorg'),
  sfdcassets: path.join(folder, 'salesforce-sfdcassets'),
};

export const whereRealExports = existsSync(realExports.devorg) ? describe : describe.skip;

if (!existsSync(realExports.devorg))
  process.stderr.write(`skipped: the real Salesforce exports are not at ${folder}\n`);
