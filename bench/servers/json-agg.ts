import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { bindTenant } from '../../src/database/tenant.ts';
import { authenticate } from '../../src/identity/sign-in.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { announce, bearerToken, connections, open, settings } from './protocol.ts';

/**
 * The limit: one endpoint for one page, written by hand, whose JSON PostgreSQL makes and Node only passes on. It signs in
 * and binds the organisation as Kontor does.
 */
const page = `
select coalesce(json_agg(page), '[]')::text as page from (
  select a.*, contacts.nodes as contacts, opportunities.nodes as opportunities
  from (
    select id, name, name_key as "nameKey", domain, industry, employees, tier, is_target as "isTarget", updated_at as "updatedAt"
    from account where organization_id = $1 and deleted_at is null and (name_key, id) > ($2, $3::uuid)
    order by name_key, id limit 20
  ) a
  cross join lateral (
    select coalesce(json_agg(c), '[]') as nodes from (
      select id, first_name as "firstName", last_name as "lastName", email, phone, title
      from contact where organization_id = $1 and account_id = a.id and deleted_at is null
      order by name_key, id limit 10
    ) c
  ) contacts
  cross join lateral (
    select coalesce(json_agg(o), '[]') as nodes from (
      select id, name, amount, currency, probability, close_date as "closeDate", is_closed as "isClosed", is_won as "isWon"
      from opportunity where organization_id = $1 and account_id = a.id and deleted_at is null
      order by close_date, id limit 10
    ) o
  ) opportunities
) page`;

const given = settings();
const installation = await open(given);
const pool = new pg.Pool(connections(given));

async function readPage(principal: Principal, nameKey: string, id: string): Promise<string> {
  const client = await pool.connect();
  try {
    await client.query(`begin isolation level repeatable read read only; ${bindTenant(principal)}`);
    const { rows } = await client.query<{ page: string }>({
      name: 'page',
      text: page,
      values: [principal.organizationId, nameKey, id],
    });
    client.query('commit').then(
      () => client.release(),
      () => client.release(true),
    );
    return rows[0]!.page;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
  const principal = await authenticate(installation, bearerToken(request));
  if (!principal) return { status: 401, body: '{}' };
  const { nameKey, id } = JSON.parse(await text(request)) as { nameKey: string; id: string };
  return { status: 200, body: await readPage(principal, nameKey, id) };
}

const server = createServer((request, response) => {
  answer(request).then(
    ({ status, body }) => {
      response.writeHead(status, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    },
    (error: Error) => {
      response.writeHead(500);
      response.end(error.message);
    },
  );
});
server.listen(0, '127.0.0.1', () => announce(server));
