import autocannon from 'autocannon';

export interface Load {
  url: string;
  token: string;
  connections: number;
  seconds: number;
  bodies: string[];
}

export interface Round {
  requestsPerSecond: number;
  p50: number;
  p99: number;
  /** Per answer, headers included. */
  bytes: number;
}

export async function send({ url, token }: Pick<Load, 'url' | 'token'>, body: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(url, { method: 'POST', headers, body });
  const answer = (await response.json()) as { errors?: unknown };
  if (response.status !== 200 || answer.errors) throw new Error(`${url}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Every connection asks for the next page as soon as it has one; they begin at different pages. */
export async function run({ url, token, connections, seconds, bodies }: Load): Promise<Round> {
  const requests = bodies.map((body) => ({ body }));
  let client = 0;
  const result = await autocannon({
    url,
    method: 'POST',
    connections,
    duration: seconds,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    requests,
    setupClient: (connection) => {
      const first = Math.floor((requests.length * client++) / connections);
      connection.setRequests([...requests.slice(first), ...requests.slice(0, first)]);
    },
  });
  const failed = result.errors + result.timeouts + result.non2xx;
  if (failed > 0) throw new Error(`${failed} requests to ${url} failed`);
  return {
    requestsPerSecond: result['2xx'] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    bytes: result.throughput.total / result['2xx'],
  };
}
