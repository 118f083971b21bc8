export const IMPORTED_TYPES = [
  'users',
  'accounts',
  'contacts',
  'leads',
  'opportunities',
  'opportunityHistory',
  'conversions',
  'campaigns',
  'campaignMembers',
  'contactRoles',
  'tasks',
  'events',
] as const;
export type ImportedType = (typeof IMPORTED_TYPES)[number];

export interface TypeCounts {
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  /** Rows left out because they are deleted: in Salesforce (`IsDeleted`) or since in Kontor. */
  skippedDeleted?: number;
}

export interface RejectedRow {
  file: string;
  /** The physical line its row starts at; the header is line 1. */
  line: number;
  column: string | null;
  reason: string;
  id: string | null;
}

export interface ImportResult {
  organization: string;
  types: Record<ImportedType, TypeCounts>;
  /** The first 1,000; `rejectedTotal` counts all. */
  rejected: RejectedRow[];
  rejectedTotal: number;
  notes: string[];
}

/** The folder or one of its files can't be imported at all; the message is one line. */
export class ImportError extends Error {
  override name = 'ImportError';
}

/** `strict` found a bad row, so nothing was written. */
export class StrictImportError extends ImportError {
  override name = 'StrictImportError';
  constructor(readonly result: ImportResult) {
    const [first] = result.rejected;
    const where = first && `${first.file} line ${first.line}, ${first.column ?? 'row'}: ${first.reason}`;
    super(`Nothing was imported: ${result.rejectedTotal} bad row(s) in strict mode, first ${where}`);
  }
}

const MAX_LISTED = 1000;

/** What an import did, as it goes on; copied before each attempt of the transaction. */
export class ImportReport {
  private readonly counts = {} as Record<ImportedType, Required<TypeCounts>>;
  private listed: RejectedRow[] = [];
  private total = 0;
  private readonly tallies = new Map<string, number>();

  constructor() {
    for (const type of IMPORTED_TYPES)
      this.counts[type] = { created: 0, updated: 0, unchanged: 0, rejected: 0, skippedDeleted: 0 };
  }

  copy(): ImportReport {
    const copy = new ImportReport();
    for (const type of IMPORTED_TYPES) copy.counts[type] = { ...this.counts[type] };
    copy.listed = [...this.listed];
    copy.total = this.total;
    for (const [note, count] of this.tallies) copy.tallies.set(note, count);
    return copy;
  }

  count(type: ImportedType, outcome: keyof TypeCounts, by = 1): void {
    this.counts[type][outcome] += by;
  }

  reject(type: ImportedType, row: RejectedRow): void {
    this.counts[type].rejected++;
    this.total++;
    if (this.listed.length < MAX_LISTED) this.listed.push(row);
  }

  /** Said once, however often it happens; `{n}` stands for how often. */
  note(text: string): void {
    this.tallies.set(text, (this.tallies.get(text) ?? 0) + 1);
  }

  get hasRejected(): boolean {
    return this.total > 0;
  }

  get hasWritten(): boolean {
    return IMPORTED_TYPES.some((type) => this.counts[type].created + this.counts[type].updated > 0);
  }

  /** The result of an import that was undone: what was bad, and nothing written. */
  refusal(organization: string): ImportResult {
    const undone = this.copy();
    for (const type of IMPORTED_TYPES)
      Object.assign(undone.counts[type], { created: 0, updated: 0, unchanged: 0 });
    return undone.result(organization);
  }

  result(organization: string): ImportResult {
    const types = {} as Record<ImportedType, TypeCounts>;
    for (const type of IMPORTED_TYPES) {
      const { skippedDeleted, ...counts } = this.counts[type];
      types[type] = skippedDeleted > 0 ? { ...counts, skippedDeleted } : counts;
    }
    const notes = [...this.tallies].map(([note, count]) => note.replace('{n}', String(count)));
    return { organization, types, rejected: this.listed, rejectedTotal: this.total, notes };
  }
}
