/** Results, and nothing else, go to standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A remark beside the result goes to standard error: `TOKEN=$(…)` takes the result alone. */
export function remark(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

type Cell = string | number | boolean | null;

/** Rows under their columns' names, numbers to the right. */
export function printTable<Row extends Record<string, Cell>>(rows: Row[]): void {
  const [first] = rows;
  if (!first) return print('(none)');
  const names = Object.keys(first);
  const text = (cell: Cell | undefined) => (cell === null || cell === undefined ? '' : String(cell));
  const lines = [names, ...rows.map((row) => names.map((name) => text(row[name])))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const isNumeric = names.map((name) => rows.every((row) => typeof row[name] === 'number'));
  for (const line of lines) {
    const cells = line.map((cell, column) =>
      isNumeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
    );
    print(cells.join('  ').trimEnd());
  }
}
