/** What the benchmark uses of autocannon, which comes without types. */
declare module 'autocannon' {
  interface Request {
    body: string;
  }
  interface Result {
    duration: number;
    errors: number;
    timeouts: number;
    non2xx: number;
    '2xx': number;
    requests: { average: number; total: number };
    latency: { p50: number; p99: number };
    throughput: { total: number };
  }
  interface Options {
    url: string;
    method: 'POST';
    connections: number;
    duration: number;
    headers: Record<string, string>;
    requests: Request[];
    setupClient: (client: { setRequests(requests: Request[]): void }) => void;
  }
  export default function autocannon(options: Options): Promise<Result>;
}
