import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Data } from '../support/graphql.ts';
import { operation } from '../support/mutate.ts';
import type { Running } from '../support/processes.ts';
import { post } from '../support/server.ts';

/** A conversion whose success a client was told. */
export interface Entry {
  input: Data & { idempotencyKey: string };
  /** What was told of it: ids of the conversion, lead, account, contact, opportunity. */
  told: Data;
  /** Whether its undoing was told, too. */
  isReverted: boolean;
}

/** What clients were told, and what it took. */
export interface Ledger {
  entries: Entry[];
  /** Leads and conversions written, as told. */
  answers: number;
  retries: number;
  unexpected: string[];
}

const CONVERTED = 'conversion { id } lead { id } account { id } contact { id } opportunity { id }';
const COMPANIES = 12;
/** Leads made at once, so that what is killed is mostly a conversion. */
const STOCK = 40;
/** Longer than a server takes to start on a busy machine. */
const PATIENCE = 180_000;

/** A program that does what good clients do: gives every write a key, and asks again until it is answered. */
export function clientOf(
  index: number,
  servers: () => (Running | undefined)[],
  token: string,
  ledger: Ledger,
) {
  async function mutate(mutation: string, input: Data, selection: string): Promise<Data> {
    const query = operation(mutation, selection);
    const deadline = Date.now() + PATIENCE;
    for (let attempt = 1; ; attempt++) {
      const there = servers().filter((server) => server !== undefined);
      const server = there[(index + attempt) % (there.length || 1)];
      const answer =
        server && (await post(server.url, token, { query, variables: { input } }).catch(() => undefined));
      if (answer && !answer.errors) {
        ledger.answers++;
        return answer.data![mutation] as Data;
      }
      const code = answer?.errors?.[0]?.extensions?.['code'] as string | undefined;
      if (answer && code !== 'DATABASE_UNAVAILABLE')
        ledger.unexpected.push(`${mutation}: ${code} ${answer.errors![0]!.message}`);
      if (Date.now() > deadline) throw new Error(`${mutation} was not answered in ${PATIENCE / 1000} s`);
      if (server) ledger.retries++;
      await sleep(20 + Math.random() * 60);
    }
  }

  const expectDone = (mutation: string, { userErrors }: Data): boolean => {
    if (userErrors.length > 0) ledger.unexpected.push(`${mutation}: ${JSON.stringify(userErrors)}`);
    return userErrors.length === 0;
  };

  const stock: string[] = [];
  async function nextLead(): Promise<string | undefined> {
    if (stock.length === 0) {
      const items = Array.from({ length: STOCK }, () => {
        const name = randomUUID().slice(0, 8);
        const company = `Company ${Math.floor(Math.random() * COMPANIES)}`;
        return {
          input: { lastName: name, company, email: `${name}@gmail.com`, phone: '+1', source: 'Web' },
        };
      });
      const input = { items, idempotencyKey: randomUUID() };
      const made = await mutate('createLeads', input, 'results { payload { lead { id } } }');
      if (expectDone('createLeads', made))
        stock.push(...(made['results'] as Data[]).map(({ payload }) => payload.lead.id as string));
    }
    return stock.pop();
  }

  /** A lead converted, and every fifth undone again. */
  async function round(): Promise<void> {
    const lead = await nextLead();
    if (!lead) return;
    const input = { lead, idempotencyKey: randomUUID() };
    const told = await mutate('convertLead', input, CONVERTED);
    if (!expectDone('convertLead', told)) return;
    const entry: Entry = { input, told, isReverted: false };
    ledger.entries.push(entry);
    if (Math.random() < 0.2) {
      const undoing = { conversion: told['conversion'].id as string, idempotencyKey: randomUUID() };
      const { userErrors } = await mutate('revertConversion', undoing, 'conversion { id revertedAt }');
      // others may have joined the account by now
      if (userErrors.length === 0) entry.isReverted = true;
      else if (userErrors[0].code !== 'REVERT_BLOCKED') expectDone('revertConversion', { userErrors });
    }
  }

  return {
    /** Converts one lead after the other. */
    async until(isOver: () => boolean): Promise<void> {
      while (!isOver()) await round();
    },
    /** The conversion its key stands for. */
    repeat: ({ input }: Entry): Promise<Data> => mutate('convertLead', input, CONVERTED),
  };
}
