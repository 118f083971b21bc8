import { encodeCursor } from '../src/graphql/page.ts';
import { parseId } from '../src/graphql/ids.ts';
import { orders } from '../src/graphql/order.ts';
import { accountOrders } from '../src/accounts/account.filter.ts';
import { AccountOrderField } from '../src/accounts/account.inputs.ts';
import type { Start } from './database.ts';

/** One page as every contender must answer it, whatever its own format. */
export type Page = {
  id: string;
  name: string;
  contacts: { id: string; lastName: string }[];
  opportunities: { id: string; name: string; minorAmount: number | null; closeDate: string }[];
}[];

export interface Contender {
  name: string;
  /** Its file in `servers/`. */
  server: string;
  path: string;
  /** The bodies that ask for the page after each start. */
  requests(starts: Start[], send: (body: string) => Promise<unknown>): Promise<string[]>;
  page(answer: unknown): Page;
}

const kontorQuery = `query AccountPage($after: String) {
  accounts(first: 20, after: $after) {
    nodes {
      id name domain industry employees tier isTarget updatedAt
      contacts(first: 10) { nodes { id firstName lastName email phone title } }
      opportunities(first: 10) {
        nodes { id name amount { amount currency } probability closeDate isClosed isWon }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface KontorAnswer {
  data: {
    accounts: {
      nodes: {
        id: string;
        name: string;
        contacts: { nodes: { id: string; lastName: string }[] };
        opportunities: {
          nodes: { id: string; name: string; amount: { amount: string } | null; closeDate: string }[];
        };
      }[];
    };
  };
}

const uuid = (id: string) => parseId(id)!.uuid;

const kontor: Contender = {
  name: 'Kontor',
  server: 'kontor',
  path: '/graphql',
  requests(starts) {
    const byName = orders(null, accountOrders, { field: AccountOrderField.NAME });
    return Promise.resolve(
      starts.map(({ nameKey, id }) =>
        JSON.stringify({ query: kontorQuery, variables: { after: encodeCursor(byName, [nameKey], id) } }),
      ),
    );
  },
  page: (answer) =>
    (answer as KontorAnswer).data.accounts.nodes.map(({ id, name, contacts, opportunities }) => ({
      id: uuid(id),
      name,
      contacts: contacts.nodes.map((contact) => ({ id: uuid(contact.id), lastName: contact.lastName })),
      opportunities: opportunities.nodes.map((deal) => ({
        id: uuid(deal.id),
        name: deal.name,
        minorAmount: deal.amount && Math.round(Number(deal.amount.amount) * 100),
        closeDate: deal.closeDate,
      })),
    })),
};

const live = 'condition: { deletedAt: null }';
const postgraphileQuery = `query AccountPage($after: Cursor) {
  allAccounts(first: 20, after: $after, orderBy: [NAME_KEY_ASC], ${live}) {
    nodes {
      rowId name domain industry employees tier isTarget updatedAt
      contactsByOrganizationIdAndAccountId(first: 10, orderBy: [NAME_KEY_ASC], ${live}) {
        nodes { rowId firstName lastName email phone title }
      }
      opportunitiesByOrganizationIdAndAccountId(first: 10, orderBy: [CLOSE_DATE_ASC], ${live}) {
        nodes { rowId name amount currency probability closeDate isClosed isWon }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;
const postgraphileCursors = `{
  allAccounts(orderBy: [NAME_KEY_ASC], ${live}) { edges { cursor node { rowId } } }
}`;

interface PostGraphileAnswer {
  data: {
    allAccounts: {
      edges: { cursor: string; node: { rowId: string } }[];
      nodes: {
        rowId: string;
        name: string;
        contactsByOrganizationIdAndAccountId: { nodes: { rowId: string; lastName: string }[] };
        opportunitiesByOrganizationIdAndAccountId: {
          nodes: { rowId: string; name: string; amount: string | null; closeDate: string }[];
        };
      }[];
    };
  };
}

const postgraphile: Contender = {
  name: 'PostGraphile',
  server: 'postgraphile',
  path: '/graphql',
  async requests(starts, send) {
    const { data } = (await send(JSON.stringify({ query: postgraphileCursors }))) as PostGraphileAnswer;
    const cursors = new Map(data.allAccounts.edges.map(({ cursor, node }) => [node.rowId, cursor]));
    return starts.map(({ id }) =>
      JSON.stringify({ query: postgraphileQuery, variables: { after: cursors.get(id) } }),
    );
  },
  page: (answer) =>
    (answer as PostGraphileAnswer).data.allAccounts.nodes.map((account) => ({
      id: account.rowId,
      name: account.name,
      contacts: account.contactsByOrganizationIdAndAccountId.nodes.map(({ rowId, lastName }) => ({
        id: rowId,
        lastName,
      })),
      opportunities: account.opportunitiesByOrganizationIdAndAccountId.nodes.map((deal) => ({
        id: deal.rowId,
        name: deal.name,
        minorAmount: deal.amount === null ? null : Number(deal.amount),
        closeDate: deal.closeDate,
      })),
    })),
};

interface JsonAggAnswer {
  id: string;
  name: string;
  contacts: { id: string; lastName: string }[];
  opportunities: { id: string; name: string; amount: number | null; closeDate: string }[];
}

const jsonAgg: Contender = {
  name: 'json_agg by hand',
  server: 'json-agg',
  path: '/',
  requests: (starts) => Promise.resolve(starts.map((start) => JSON.stringify(start))),
  page: (answer) =>
    (answer as JsonAggAnswer[]).map(({ id, name, contacts, opportunities }) => ({
      id,
      name,
      contacts: contacts.map((contact) => ({ id: contact.id, lastName: contact.lastName })),
      opportunities: opportunities.map((deal) => ({
        id: deal.id,
        name: deal.name,
        minorAmount: deal.amount,
        closeDate: deal.closeDate,
      })),
    })),
};

export const contenders = [kontor, postgraphile, jsonAgg];
