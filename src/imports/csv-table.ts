import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { parse } from 'csv-parse';
import { BadValue } from './cell-values.ts';
import { ImportError } from './import-report.ts';

/** A row that won't do, and in which column if one is to blame. */
export class RowProblem extends Error {
  override name = 'RowProblem';
  constructor(
    readonly column: string | null,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** One row under its header. Column names are compared without case: tools differ in it. */
export class CsvRow {
  constructor(
    private readonly header: ReadonlyMap<string, number>,
    private readonly cells: readonly string[],
    readonly line: number,
  ) {}

  has(column: string): boolean {
    return this.header.has(column.toLowerCase());
  }

  /** The row's name in a report, whatever is wrong with it. */
  get reportedId(): string | null {
    return this.cells[this.header.get('id') ?? -1]?.trim() || null;
  }

  /** The cell as it stands; null when it is blank or its column isn't there. */
  text(column: string): string | null {
    const cell = this.cells[this.header.get(column.toLowerCase()) ?? -1];
    if (cell === undefined || cell.trim() === '') return null;
    if (cell.includes('\0')) throw new RowProblem(column, 'contains a NUL character');
    return cell;
  }

  required(column: string): string {
    const text = this.text(column);
    if (text === null) throw new RowProblem(column, 'is blank');
    return text;
  }

  /** The cell as a value; what is wrong with it is told with the column's name. */
  read<T>(column: string, value: (text: string) => T): T | null {
    const text = this.text(column);
    if (text === null) return null;
    try {
      return value(text);
    } catch (error) {
      if (error instanceof BadValue) throw new RowProblem(column, error.message);
      throw error;
    }
  }

  /** Refuses a row with more or fewer cells than its header: its cells can't be trusted to stand under their names. */
  assertWhole(width: number): void {
    if (this.cells.length !== width)
      throw new RowProblem(null, `has ${this.cells.length} cells where the header has ${width}`);
  }
}

/** The file's text; refuses bytes that are no UTF-8, saying where, instead of importing question marks. */
async function* utf8(path: string, file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let lines = 1;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
    let text: string;
    try {
      text = decoder.decode(chunk as Buffer, { stream: true });
    } catch {
      throw new ImportError(`${file}: not UTF-8 text at or after line ${lines}; save it as CSV in UTF-8`);
    }
    lines += text.split('\n').length - 1;
    yield text;
  }
  try {
    decoder.decode();
  } catch {
    throw new ImportError(`${file}: ends in the middle of a UTF-8 character`);
  }
}

function headerOf(cells: string[], file: string): Map<string, number> {
  const header = new Map<string, number>();
  for (const [index, cell] of cells.entries()) {
    const name = cell.trim().toLowerCase();
    if (name === '') continue;
    if (header.has(name)) throw new ImportError(`${file}: the column ${cell.trim()} is there twice`);
    header.set(name, index);
  }
  return header;
}

function assertColumns(header: Map<string, number>, required: string[], file: string): void {
  const missing = required.filter((column) => !header.has(column.toLowerCase()));
  if (missing.length === 0) return;
  const isSeparatedOtherwise = header.size === 1 && /[;\t|]/.test([...header.keys()].join());
  const found = isSeparatedOtherwise ? ' (the header has one column: are they separated by commas?)' : '';
  throw new ImportError(
    `${file}: the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing${found}`,
  );
}

/** Salesforce's longest texts have 131,072 characters; only a quote that is never closed makes a row longer than this. */
const MAX_ROW_CHARACTERS = 4_000_000;

/** Calls `visit` for every row of a CSV file, in order, and returns its columns in lower case. An empty file has none. */
export async function readCsv(
  path: string,
  file: string,
  requiredColumns: string[],
  visit: (row: CsvRow, width: number) => void,
): Promise<ReadonlySet<string>> {
  // The line the next record starts at, counted in the raw text: csv-parse counts a CRLF inside quotes twice.
  let line = 1;
  let header: Map<string, number> | undefined;
  let width = 0;
  const parser = parse({
    bom: true,
    raw: true,
    max_record_size: MAX_ROW_CHARACTERS,
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    // Synchronously with the parser, so that `line` is right when it fails, and rows don't pile up in a buffer.
    on_record: (parsed: unknown) => {
      const { record, raw } = parsed as { record: string[]; raw: string };
      const startsAt = line;
      line += raw.match(/\r\n|\n|\r/g)?.length ?? 0;
      const isBlank = record.length === 1 && record[0]!.trim() === '';
      if (isBlank) return null;
      if (header) visit(new CsvRow(header, record, startsAt), width);
      else {
        header = headerOf(record, file);
        width = record.length;
        assertColumns(header, requiredColumns, file);
      }
      return null;
    },
  });
  await new Promise<void>((resolve, reject) => {
    pipeline(utf8(path, file), parser, (error) => (error ? reject(error) : resolve()));
    parser.resume();
  }).catch((error: Error & { code?: string }) => {
    if (error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE')
      throw new ImportError(`${file}: a quote opened in the row at line ${line} is never closed`);
    if (error.code?.startsWith('CSV_')) throw new ImportError(`${file}: ${error.message}`);
    throw error;
  });
  return new Set(header?.keys());
}
