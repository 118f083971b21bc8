import type { Round } from './load.ts';
import type { MeasuredMetrics } from './metrics.ts';

export interface Measured {
  machine: string;
  node: string;
  postgresql: string;
  rows: Record<string, number>;
  connections: number;
  seconds: number;
  contenders: { name: string; rounds: Round[] }[];
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Medians of the rounds; `ratio` is the median of the rounds' own ratios, which the machine's moods disturb least. */
function summary({ contenders }: Measured) {
  const [kontor] = contenders;
  return contenders.map(({ name, rounds }) => ({
    name,
    requestsPerSecond: median(rounds.map((round) => round.requestsPerSecond)),
    p50: median(rounds.map((round) => round.p50)),
    p99: median(rounds.map((round) => round.p99)),
    bytes: median(rounds.map((round) => round.bytes)),
    kontorsRatio: median(
      rounds.map((round, index) => kontor!.rounds[index]!.requestsPerSecond / round.requestsPerSecond),
    ),
  }));
}

export function jsonReport(measured: Measured | null, metrics: MeasuredMetrics): string {
  const page = measured && { ...measured, medians: summary(measured) };
  return `${JSON.stringify({ ...page, metrics }, null, 2)}\n`;
}

export function tableReport(measured: Measured): string {
  const { machine, node, postgresql, rows, connections, seconds, contenders } = measured;
  const header = ['', 'requests/s', 'p50 ms', 'p99 ms', 'bytes', "Kontor's rate ÷ its"];
  const lines = summary(measured).map(({ name, requestsPerSecond, p50, p99, bytes, kontorsRatio }) => [
    name,
    requestsPerSecond.toFixed(0),
    p50.toFixed(0),
    p99.toFixed(0),
    bytes.toFixed(0),
    name === contenders[0]!.name ? '' : kontorsRatio.toFixed(2),
  ]);
  const table = [header, header.map((_, column) => (column === 0 ? '---' : '---:')), ...lines];
  const counts = Object.entries(rows).map(([name, count]) => `${count.toLocaleString('en')} ${name}`);
  return `${machine}; Node ${node}, PostgreSQL ${postgresql}
${counts.join(', ')}; ${connections} connections, ${contenders[0]!.rounds.length} rounds of ${seconds} s, medians

${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}
`;
}
