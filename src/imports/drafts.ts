import { join } from 'node:path';
import { boolean, id, pastInstant, type Reading } from './cell-values.ts';
import { type CsvRow, readCsv, RowProblem } from './csv-table.ts';
import type { ImportedType, ImportReport } from './import-report.ts';

/** A row of a file, read but not yet linked to others: references are Salesforce ids of 18 characters. */
export interface Draft {
  line: number;
  externalId: string;
  createdAt: Date | null;
  modifiedAt: Date | null;
  /** Of all moments the row tells of, the first: stands in for a creation date it hasn't. */
  earliest: Date | null;
}

/** What of a Salesforce object is read, and how. */
export interface FileShape<D> {
  file: string;
  type: ImportedType;
  requiredColumns: string[];
  read(row: CsvRow, reading: Reading, report: ImportReport): D;
}

/** The good rows of one file. */
export interface DraftTable<D> {
  file: string;
  type: ImportedType;
  drafts: Map<string, D & Draft>;
  /** Ids of rows marked deleted: they are left out, and links to them are told apart from links to nothing. */
  deleted: Set<string>;
  /** In lower case. An absent column leaves what Kontor has; a blank cell empties it. */
  columns: ReadonlySet<string>;
}

export function emptyTable<D>({ file, type }: FileShape<D>): DraftTable<D> {
  return { file, type, drafts: new Map(), deleted: new Set(), columns: new Set() };
}

function earlier(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a <= b ? a : b;
}

/** Draws `draft.earliest` back to a date another record tells of it: whoever converted into an account proves it was there. */
export function witness(draft: Draft | undefined, at: Date | null): void {
  if (draft) draft.earliest = earlier(draft.earliest, at);
}

export function tracking(row: CsvRow, reading: Reading): Omit<Draft, 'line' | 'externalId'> {
  const instant = (column: string) => row.read(column, (text) => pastInstant(text, reading));
  const createdAt = instant('CreatedDate');
  const modifiedAt = instant('LastModifiedDate') ?? instant('SystemModstamp');
  // Only a hint, so nothing to reject a row for: an activity may be planned.
  const activity = createdAt === null ? pastOrNull(row, 'LastActivityDate', reading) : null;
  return { createdAt, modifiedAt, earliest: earlier(earlier(createdAt, modifiedAt), activity) };
}

function pastOrNull(row: CsvRow, column: string, reading: Reading): Date | null {
  try {
    return row.read(column, (text) => pastInstant(text, reading));
  } catch (error) {
    if (error instanceof RowProblem) return null;
    throw error;
  }
}

/** Runs `work` on a row; a problem of the row is reported instead of thrown. */
export function reporting(
  report: ImportReport,
  table: { file: string; type: ImportedType },
  row: { line: number; id: string | null },
  work: () => void,
): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    const { column, reason } = error;
    report.reject(table.type, { file: table.file, line: row.line, column, reason, id: row.id });
  }
}

/** Reads one file of the folder; every row ends as a draft, as skipped, or in the report. */
export async function readDrafts<D>(
  dir: string,
  shape: FileShape<D>,
  reading: Reading,
  report: ImportReport,
): Promise<DraftTable<D>> {
  const table = emptyTable(shape);
  const lineOf = new Map<string, number>();
  table.columns = await readCsv(join(dir, shape.file), shape.file, shape.requiredColumns, (row, width) => {
    reporting(report, shape, { line: row.line, id: row.reportedId }, () => {
      row.assertWhole(width);
      const { line } = row;
      row.required('Id');
      const externalId = row.read('Id', id)!;
      const first = lineOf.get(externalId);
      if (first !== undefined) throw new RowProblem('Id', `repeats the one at line ${first}`);
      lineOf.set(externalId, line);
      if (row.read('IsDeleted', boolean)) {
        table.deleted.add(externalId);
        report.count(shape.type, 'skippedDeleted');
        return;
      }
      const draft = shape.read(row, reading, report);
      table.drafts.set(externalId, { ...draft, ...tracking(row, reading), line, externalId });
    });
  });
  return table;
}
