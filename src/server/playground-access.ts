import { BlockList, isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';

export type SessionAccess = 'granted' | 'wrong-host' | 'denied';

/**
 * May this request read the session's tokens? They sign in the administrator without a password, so only a
 * page of ours, in a browser on this machine, may have them:
 *
 * - the socket, not a forwarded header, ends on loopback, and no proxy passed the request on;
 * - the Host names this machine, so that a foreign name that resolves to 127.0.0.1 (DNS rebinding) gets nothing;
 * - the browser says that no other site asks. `same-site` is not enough: every port of localhost is one site.
 */
export function sessionAccess(request: FastifyRequest): SessionAccess {
  if (!isLoopback(request.raw.socket.remoteAddress) || wasForwarded(request)) return 'denied';
  if (!namesThisMachine(request.headers.host)) return 'wrong-host';
  return comesFromOwnPage(request) ? 'granted' : 'denied';
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

const proxyHeaders = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

const wasForwarded = ({ headers }: FastifyRequest) =>
  proxyHeaders.some((name) => headers[name] !== undefined);

const namesThisMachine = (host: string | undefined) =>
  host !== undefined && /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(host);

function comesFromOwnPage({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return headers.origin === undefined || headers.origin === `http://${headers.host}`;
}
