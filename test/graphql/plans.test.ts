import { getNamedType, isEnumType, isInputObjectType, isObjectType, isScalarType } from 'graphql';
import sql, { raw } from 'sql-template-tag';
import { accountOrders } from '../../src/accounts/account.filter.ts';
import { campaignOrders } from '../../src/campaigns/campaign.filter.ts';
import { contactOrders } from '../../src/contacts/contact.filter.ts';
import type { Tenant } from '../../src/database/tenant.ts';
import { encodeCursor, type OrderColumn } from '../../src/graphql/page.ts';
import { buildKontorSchema } from '../../src/graphql/schema.ts';
import { leadOrders } from '../../src/leads/lead.filter.ts';
import { opportunityOrders } from '../../src/opportunities/opportunity.filter.ts';
import { fillBulk } from '../support/bulk.ts';
import { fillLineage } from '../support/bulk-lineage.ts';
import { Explainer, type PlanMode } from '../support/plans.ts';
import { type Client, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';
import { BROAD, bulkId, COMBINED, type ListCases, NESTED, planCases } from './plan-cases.ts';

const ROWS = 50_000;
const MODES: PlanMode[] = ['custom', 'generic'];
const orderColumns: Record<string, Record<string, OrderColumn>> = {
  accounts: accountOrders,
  contacts: contactOrders,
  opportunities: opportunityOrders,
  leads: leadOrders,
  campaigns: campaignOrders,
};

type Statement = { text: string; values: readonly unknown[] };

let world: World;
let server: TestServer;
let client: Client;
let explainer: Explainer;
let tenant: Tenant;
let cases: Record<string, ListCases>;
const seen: Statement[] = [];

beforeAll(async () => {
  world = await openWorld();
  world.database.observe = (text, values) => void seen.push({ text, values });
  server = await startTestServer(world, 'compiled');
  ({ tenant } = await world.organization());
  const { organizationId } = tenant;
  await fillBulk(world, tenant, { accounts: ROWS, contacts: 1, opportunities: 1, leads: 1 });
  await fillLineage(world, tenant, ROWS);
  // Values that few rows have.
  await world.database.write(tenant, async (tx) => {
    await tx.query(sql`update account t set tier = 9, industry = 'Whaling', industry_key = 'whaling',
      parent_id = ${bulkId(1, 1)}, domain = null where t.organization_id = ${organizationId} and t.id = ${bulkId(1, 77)}`);
    await tx.query(sql`update contact t set title = 'Harpooner', title_key = 'harpooner'
      where t.organization_id = ${organizationId} and t.id = ${bulkId(2, 77)}`);
    await tx.query(sql`update campaign t set type = 'Whaling', type_key = 'whaling'
      where t.organization_id = ${organizationId} and t.id = ${bulkId(10, 77)}`);
    await tx.query(sql`update campaign t set type = null, type_key = null
      where t.organization_id = ${organizationId} and t.id = ${bulkId(10, 78)}`);
    for (const table of ['opportunity', 'lead'])
      await tx.query(sql`update ${raw(table)} t set source = 'Whale song', source_key = 'whale song'
        where t.organization_id = ${organizationId} and t.id = ${bulkId(table === 'lead' ? 4 : 3, 77)}`);
  });
  await world.owner.query('vacuum analyze');
  client = await server.client(organizationId);
  explainer = await Explainer.connect(world.url, tenant);
  cases = planCases(tenant.userId!);
}, 900_000);
afterAll(async () => {
  await explainer.close();
  await server.close();
  await world.close();
});

/** What the API sends for a query, of the statements that read the table. */
async function sent(query: string, table: string): Promise<Statement> {
  seen.length = 0;
  const { errors } = await client.sendOnce(query);
  if (errors) throw new Error(`${query}: ${JSON.stringify(errors)}`);
  const statements = seen.filter(({ text }) => text.includes(`from ${table} t `));
  if (statements.length !== 1) throw new Error(`${statements.length} statements read ${table} for ${query}`);
  return statements[0]!;
}

async function filterProblems(): Promise<string[]> {
  const problems: string[] = [];
  for (const [list, { table, order, filters }] of Object.entries(cases)) {
    for (const [name, [value, index]] of Object.entries(filters)) {
      const [field, operator] = name.replace(/:.*/, '').split('.');
      const filter = operator ? `${field}: { ${operator}: ${value} }` : `${field}: ${value}`;
      const statement = await sent(`{ ${list}(first: 20, filter: { ${filter} }) { nodes { id } } }`, table);
      for (const mode of MODES) {
        const plan = await explainer.plan(statement.text, statement.values, mode);
        const found = plan.faults;
        const { indexes } = plan;
        if (
          index === null
            ? indexes.length > 0
            : !indexes.some((used) => index.test(used) || (mode === 'generic' && order.test(used)))
        )
          found.push(`does not use ${index}`);
        if (found.length > 0)
          problems.push(`${list} ${filter} (${mode}): ${found.join(', ')}: ${plan.outline}`);
      }
    }
  }
  return problems;
}

/** A cursor deep in a list: in its middle, or among the rows without a value. */
async function deepCursor(
  table: string,
  field: string,
  descending: boolean,
  by: OrderColumn,
  offset: number,
) {
  const [row] = await world.database.read(tenant, (snapshot) =>
    snapshot.query<{ uuid: string; value: string | number | null }>(sql`
      select t.id as uuid, ${raw(by.column)} as value from ${raw(table)} t
      where t.organization_id = ${tenant.organizationId} and ${raw(table === 'campaign' ? 'true' : 't.deleted_at is null')}
      order by ${raw(by.column)} nulls last, t.id offset ${offset} limit 1`),
  );
  const value = row!.value === null ? null : String(row!.value);
  return { cursor: encodeCursor([{ field, descending, by }], [value], row!.uuid), isNull: value === null };
}

async function orderProblems(): Promise<string[]> {
  const problems: string[] = [];
  for (const [list, { table, orders }] of Object.entries(cases)) {
    for (const [field, index] of Object.entries(orders)) {
      const by = orderColumns[list]![field]!;
      for (const direction of ['ASC', 'DESC']) {
        const middle = await deepCursor(table, field, direction === 'DESC', by, ROWS / 2);
        const tail = await deepCursor(table, field, direction === 'DESC', by, ROWS - 10);
        const pages = [
          'first: 20',
          'last: 20',
          ...[middle, tail].flatMap(({ cursor }) => [
            `first: 20, after: "${cursor}"`,
            `last: 20, before: "${cursor}"`,
          ]),
        ];
        for (const page of pages) {
          const what = `${list}(orderBy: { field: ${field}, direction: ${direction} }, ${page})`;
          const statement = await sent(`{ ${what} { nodes { id } } }`, table);
          for (const mode of MODES) {
            const plan = await explainer.plan(statement.text, statement.values, mode);
            const found = plan.faults;
            if (!plan.indexes.every((used) => index.test(used))) found.push(`does not use ${index} only`);
            if (plan.sortedRows > (mode === 'custom' ? 100 : Infinity))
              found.push(`sorts ${plan.sortedRows}`);
            const positioned = plan
              .conditionsOf(index)
              .every((condition) => /ROW\(|IS NULL|IS NOT NULL/.test(condition));
            if (page.includes('"') && !positioned) found.push('does not begin at the cursor');
            if (found.length > 0) problems.push(`${what} (${mode}): ${found.join(', ')}: ${plan.outline}`);
          }
        }
      }
    }
  }
  return problems;
}

async function nestedProblems(): Promise<string[]> {
  const { Account } = (await buildKontorSchema()).getTypeMap();
  const argumentsOf = (field: string) =>
    isObjectType(Account) ? Account.getFields()[field]!.args.map(({ name }) => name) : [];
  const problems: string[] = [];
  for (const [path, list, index] of NESTED) {
    const [parents, nested] = path.split(' ') as [string, string];
    const { table, filters, orders } = cases[list] ?? { table: list, filters: {}, orders: {} };
    const takes = parents === 'accounts' ? argumentsOf(nested) : [];
    const pages = ['first: 10'];
    if (takes.includes('orderBy'))
      for (const field of Object.keys(orders))
        pages.push(
          ...['ASC', 'DESC'].map(
            (direction) => `first: 10, orderBy: { field: ${field}, direction: ${direction} }`,
          ),
        );
    if (takes.includes('filter'))
      for (const [name, [value]] of Object.entries(filters)) {
        const [field, operator] = name.replace(/:.*/, '').split('.');
        pages.push(`first: 10, filter: { ${field}: ${operator ? `{ ${operator}: ${value} }` : value} }`);
      }
    for (const page of pages) {
      const query = `{ ${parents}(first: 20) { nodes { ${nested}(${page}) { nodes { id } } } } }`;
      seen.length = 0;
      const { errors } = await client.sendOnce(query);
      if (errors) throw new Error(`${query}: ${JSON.stringify(errors)}`);
      const statement = seen.find(
        ({ text }) => text.includes('unnest(') && text.includes(`from ${table} t `),
      )!;
      for (const mode of MODES) {
        const plan = await explainer.plan(statement.text, statement.values, mode);
        const found = plan.faults;
        // a rare value may be found by its own index first
        if (!page.includes('filter') && !plan.indexes.some((used) => index.test(used)))
          found.push(`does not use ${index}`);
        if (found.length > 0)
          problems.push(`${path}(${page}) (${mode}): ${found.join(', ')}: ${plan.outline}`);
      }
    }
  }
  return problems;
}

async function combinedProblems(): Promise<string[]> {
  const problems: string[] = [];
  for (const [list, filter, index] of COMBINED) {
    const statement = await sent(
      `{ ${list}(first: 20, filter: { ${filter} }) { nodes { id } } }`,
      cases[list]!.table,
    );
    for (const mode of MODES) {
      const plan = await explainer.plan(statement.text, statement.values, mode);
      const found = plan.faults;
      if (mode === 'custom' && !plan.indexes.some((used) => index.test(used)))
        found.push(`does not use ${index}`);
      if (found.length > 0)
        problems.push(`${list} ${filter} (${mode}): ${found.join(', ')}: ${plan.outline}`);
    }
  }
  return problems;
}

async function searchProblems(): Promise<string[]> {
  const { rows: functions } = await world.owner.query<{
    name: string;
    body: string;
    settings: string[] | null;
  }>(`
    select p.proname as name, p.prosrc as body, p.proconfig as settings from pg_proc p
    join pg_roles r on r.oid = p.proowner where r.rolname = 'kontor_search' order by 1`);
  const problems: string[] = functions.length < 14 ? [`only ${functions.length} search functions`] : [];
  for (const { name, body, settings } of functions) {
    const table = name.split('_')[0]!;
    const plan = await explainer.planOfSearch(body, settings ?? [], [
      tenant.organizationId,
      name.endsWith('_similar') ? 'account 777' : '%777%',
      0.6,
    ]);
    const found = plan.faults;
    const index = name.endsWith('_similar') ? /_(search|match)_idx$/ : new RegExp(`^${table}_search_idx$`);
    if (!plan.indexes.some((used) => index.test(used))) found.push(`does not use ${index}`);
    if (found.length > 0) problems.push(`${name}: ${found.join(', ')}: ${plan.outline}`);
  }
  return problems;
}

/** Every operator and order the schema offers has a case, so that a new one can't come without its index. */
test('every filter and every order of the API has a case', async () => {
  const schema = await buildKontorSchema();
  for (const [list, { filterType, filters, orders }] of Object.entries(cases)) {
    const type = schema.getType(filterType);
    if (!isInputObjectType(type)) throw new Error(`${filterType} is no input`);
    const offered = Object.values(type.getFields()).flatMap((field) => {
      const named = getNamedType(field.type);
      if (['and', 'or', 'not'].includes(field.name)) return [];
      if (isScalarType(named) || isEnumType(named)) return [field.name];
      return Object.keys(named.getFields()).map((operator) => `${field.name}.${operator}`);
    });
    expect([...new Set(Object.keys(filters).map((name) => name.replace(/:.*/, '')))].sort()).toEqual(
      offered.sort(),
    );
    const orderField = schema.getType(filterType.replace('Filter', 'OrderField'));
    const ordered = isEnumType(orderField) ? orderField.getValues().map(({ name }) => name) : [];
    expect([list, Object.keys(orders).sort()]).toEqual([list, ordered.sort()]);
  }
});

describe.each(['alone in the database', 'beside an organisation of the same size'])('%s', (situation) => {
  if (situation.startsWith('beside'))
    beforeAll(async () => {
      const other = await world.organization();
      await fillBulk(world, other.tenant, { accounts: ROWS, contacts: 1, opportunities: 1, leads: 1 });
      await world.owner.query('vacuum analyze');
    }, 900_000);

  test('each filter uses its index', async () => expect(await filterProblems()).toEqual([]), 600_000);
  test(
    'each order uses its index, from any place and both ways',
    async () => expect(await orderProblems()).toEqual([]),
    600_000,
  );
  test(
    "nested lists use the parent's index, whatever their filter and order",
    async () => expect(await nestedProblems()).toEqual([]),
    600_000,
  );
  test('combined filters use an index of one of them', async () =>
    expect(await combinedProblems()).toEqual([]));
  test('a condition that most rows meet never settles the plan for rare values', async () => {
    for (const [list, filter] of BROAD) {
      const statement = await sent(
        `{ ${list}(first: 20, filter: { ${filter} }) { nodes { id } } }`,
        cases[list]!.table,
      );
      expect([list, filter, await explainer.genericRuns(statement.text, statement.values)]).toEqual([
        list,
        filter,
        0,
      ]);
    }
  });
  test('a list without filter is planned a few times, then by one plan for all cursors', async () => {
    for (const offset of [10, ROWS / 2, ROWS - 10]) {
      const { cursor } = await deepCursor('account', 'NAME', false, accountOrders.NAME, offset);
      const statement = await sent(`{ accounts(first: 20, after: "${cursor}") { nodes { id } } }`, 'account');
      expect(await explainer.genericRuns(statement.text, statement.values)).toBe(5);
    }
  });
  test('proposals to review are read in their order, also behind a cursor', async () => {
    const open = await sent(
      '{ conversionProposals(state: OPEN, first: 20) { nodes { id } } }',
      'conversion_proposal',
    );
    const by = { column: 't.proposed_at', type: 'timestamptz' } as const;
    const order = [{ field: 'PROPOSED_AT', descending: false, by }];
    const after = encodeCursor(order, ['2025-05-10T00:00:00.000Z'], bulkId(8, 7));
    const next = await sent(
      `{ conversionProposals(state: OPEN, first: 20, after: "${after}") { nodes { id } } }`,
      'conversion_proposal',
    );
    for (const { text, values } of [open, next])
      for (const mode of MODES) {
        const plan = await explainer.plan(text, values, mode);
        expect([mode, plan.faults, plan.indexes]).toEqual([mode, [], ['conversion_proposal_state_idx']]);
      }
  });
  test('searches use the trigram index inside their functions', async () =>
    expect(await searchProblems()).toEqual([]));
});
