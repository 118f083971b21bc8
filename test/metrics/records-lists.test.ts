import 'reflect-metadata';
import { type GraphQLObjectType, isObjectType } from 'graphql';
import { buildKontorSchema } from '../../src/graphql/schema.ts';
import type { Organization } from '../../src/identity/organization.service.ts';
import { generateSample } from '../../src/sample/generate.ts';
import { openWorld, type World } from '../support/world.ts';
import { openApi } from './ask.ts';

let world: World;
let organization: Organization & { adminId: string };
let compiled: Awaited<ReturnType<typeof openApi>>;
let interpreted: Awaited<ReturnType<typeof openApi>>;
beforeAll(async () => {
  world = await openWorld();
  organization = await world.organization();
  await generateSample(world.database, organization, {});
  compiled = await openApi(world, 'compiled');
  interpreted = await openApi(world, 'interpreted');
});
afterAll(async () => {
  await compiled.close();
  await interpreted.close();
  await world.close();
});

/* eslint-disable-next-line @typescript-eslint/no-explicit-any */
type Data = any;

async function ask(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const answer = await compiled.ask(organization, query, variables);
  expect(answer.errors).toEqual([]);
  expect(await interpreted.ask(organization, query, variables)).toEqual(answer);
  return answer.data;
}

test('whatever lists the rows behind a metric takes a filter, an order and a page', async () => {
  const schema = await buildKontorSchema();
  const lists = Object.values(schema.getTypeMap())
    .filter((type): type is GraphQLObjectType => isObjectType(type))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter(({ name }) => /^(records|numeratorRecords|leadRecords)$/.test(name))
        // activities, which no list filters
        .filter(() => type.name !== 'EngagementMetric')
        .map(({ name, args }) => [`${type.name}.${name}`, args.map((argument) => argument.name)] as const),
    );
  expect(lists.length).toBeGreaterThan(12);
  for (const [name, args] of lists)
    expect([name, args]).toEqual([name, expect.arrayContaining(['first', 'after', 'filter', 'orderBy'])]);
});

const RATES = ['winRate', 'winRateByValue', 'closeRate', 'sourced', 'influenced'];
const PARTS = `
  fragment Parts on RateMetric {
    numerator denominator
    all: records(first: 100) { totalCount nodes { id } }
    part: records(first: 100, inNumerator: true) { totalCount nodes { id } }
    others: records(first: 100, inNumerator: false) { totalCount nodes { id } }
  }
  fragment Rates on SalesMetrics {
    ${RATES.map((key) => `${key} { ...Parts }`).join(' ')}
    stageConversion(allPairs: true) { rate { ...Parts } }
    threading { multiThreadedShare { ...Parts } }
  }`;

interface Parts {
  numerator: string;
  denominator: string;
  all: { totalCount: number; nodes: { id: string }[] };
  part: Parts['all'];
  others: Parts['all'];
}

/** How many of them are neither none nor all. */
function expectParts(rates: Data): number {
  const entries: [string, Parts][] = [
    ...RATES.map((key): [string, Parts] => [key, rates[key]]),
    ...(rates.stageConversion as Data[]).map(({ rate }): [string, Parts] => ['stageConversion', rate]),
    ['multiThreadedShare', rates.threading.multiThreadedShare],
  ];
  for (const [key, { numerator, denominator, all, part, others }] of entries) {
    expect([key, part.totalCount + others.totalCount]).toEqual([key, all.totalCount]);
    if (key !== 'winRateByValue')
      expect([key, part.totalCount, all.totalCount]).toEqual([key, Number(numerator), Number(denominator)]);
    if (all.totalCount === all.nodes.length) {
      const ids = [...part.nodes, ...others.nodes].map(({ id }) => id);
      expect(ids.sort()).toEqual(all.nodes.map(({ id }) => id).sort());
    }
  }
  return entries.filter(([, { part, others }]) => part.totalCount > 0 && others.totalCount > 0).length;
}

test.each([
  ['now', null],
  ['as of half a year ago', new Date(Date.now() - 182 * 86_400_000).toISOString()],
])('the rows of a rate are told apart by its numerator, %s', async (_name, asOf) => {
  const data = await ask(
    `${PARTS} query Parts($asOf: DateTime) {
      metrics(asOf: $asOf) { ...Rates }
      accounts(first: 3) { nodes { metrics(asOf: $asOf, includeChildren: true) { ...Rates } } }
    }`,
    { asOf },
  );
  expect(expectParts(data.metrics)).toBeGreaterThan(8);
  for (const { metrics } of data.accounts.nodes) expectParts(metrics);
});

test('those of groups, periods and the compared window, too', async () => {
  const few = PARTS.replaceAll('first: 100', 'first: 5');
  const { groups } = await ask(
    `${few} { groups: metricGroups(by: [TYPE], first: 3) { metrics { ...Rates } } }`,
  );
  const { series, metrics } = await ask(`${few} {
    series: metricSeries(interval: QUARTER, window: { named: LAST_12_MONTHS }) { metrics { ...Rates } }
    metrics(window: { named: LAST_12_MONTHS, compare: PREVIOUS }) { comparison { ...Rates } }
  }`);
  for (const one of [...groups, ...series]) expectParts(one.metrics);
  expect(expectParts(metrics.comparison)).toBeGreaterThan(3);
});

test('of coverage the part is the open pipeline that is due, and there are no others', async () => {
  const { metrics } = await ask(`{ metrics(window: { named: THIS_YEAR }) { coverage {
    all: records { totalCount } part: records(inNumerator: true) { totalCount }
    others: records(inNumerator: false) { totalCount } } } }`);
  const { all, part, others } = metrics.coverage;
  expect(all.totalCount).toBeGreaterThan(0);
  expect([part.totalCount, others.totalCount]).toEqual([all.totalCount, 0]);
});

/** All pages of a list of records under `path`, two rows a page, with its totalCount. */
async function pages(
  path: string[],
  args: string,
  row: string,
): Promise<{ totalCount: number; rows: Data[] }> {
  const rows: Data[] = [];
  let after: string | null = null;
  for (;;) {
    const query = `query Page($after: String) { ${path.join(' { ')} {
      records(first: 2, after: $after ${args}) { totalCount nodes { id ${row} } pageInfo { hasNextPage endCursor } }
      ${'} '.repeat(path.length)} }`;
    const data: Data = await ask(query, { after });
    const { records } = path.reduce((at, step) => at[/\w+/.exec(step)![0]], data);
    rows.push(...records.nodes);
    if (!records.pageInfo.hasNextPage) return { totalCount: records.totalCount, rows };
    after = records.pageInfo.endCursor;
  }
}

const numbers = (values: Data[]) => values.map(Number);
const descending = (values: Data[]) => numbers(values).toSorted((a, b) => b - a);

test('opportunities behind a metric are filtered and put in order as anywhere', async () => {
  const all = (
    await ask('{ metrics { won { records(first: 100) { nodes { id amount { amount currency } } } } } }')
  ).metrics.won.records.nodes as Data[];
  // amounts are compared in the organisation's currency
  const expected = all.filter(({ amount }) => amount?.currency === 'EUR' && Number(amount.amount) >= 50_000);
  expect([expected.length > 4, expected.length < all.length]).toEqual([true, true]);
  const { totalCount, rows } = await pages(
    ['metrics', 'won'],
    'filter: { amount: { gte: "50000" } } orderBy: [{ field: AMOUNT, direction: DESC }]',
    'amount { amount }',
  );
  expect(totalCount).toBe(expected.length);
  expect(rows.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort());
  const amounts = rows.map(({ amount }) => amount.amount);
  expect(numbers(amounts)).toEqual(descending(amounts));
});

test('leads, too', async () => {
  const all = (
    await ask(
      '{ leadMetrics { conversionCohort { numeratorRecords(first: 100) { nodes { id score source } } } } }',
    )
  ).leadMetrics.conversionCohort.numeratorRecords.nodes as Data[];
  const { source } = all[0];
  const { leadMetrics } = await ask(
    `query Leads($source: String!) { leadMetrics { conversionCohort {
      numeratorRecords(first: 100, filter: { source: { eq: $source } }, orderBy: [{ field: SCORE, direction: DESC }]) {
        totalCount nodes { id score source } } } } }`,
    { source },
  );
  const { totalCount, nodes } = leadMetrics.conversionCohort.numeratorRecords;
  const expected = all.filter((lead) => lead.source === source);
  expect([totalCount, nodes.map(({ id }: Data) => id).sort()]).toEqual([
    expected.length,
    expected.map(({ id }) => id).sort(),
  ]);
  const scores = nodes.map(({ score }: Data) => score).filter((score: Data) => score !== null);
  expect(scores).toEqual(descending(scores));
});

test('accounts and contacts, too', async () => {
  const { accountCoverage, metrics } = await ask(`{
    accountCoverage { withContacts { all: records(first: 100) { nodes { id tier } }
      first: records(first: 100, filter: { tier: { eq: 1 } }, orderBy: [{ field: NAME, direction: DESC }]) {
        totalCount nodes { id name } } } }
    metrics { engagement { penetration { numerator
      all: records(first: 100, inNumerator: true) { totalCount }
      some: records(first: 100, inNumerator: true, filter: { name: { contains: "er" } }) { totalCount nodes { firstName lastName } } } } }
  }`);
  const { all, first } = accountCoverage.withContacts;
  const ofTier = all.nodes.filter(({ tier }: Data) => tier === 1);
  expect(first.totalCount).toBe(ofTier.length);
  expect(ofTier.length).toBeGreaterThan(1);
  const names = first.nodes.map(({ name }: Data) => name);
  expect(names).toEqual(names.toSorted((a: string, b: string) => b.localeCompare(a)));
  const { penetration } = metrics.engagement;
  expect(penetration.all.totalCount).toBe(penetration.numerator);
  expect(penetration.some.totalCount).toBeLessThan(penetration.numerator);
  expect(penetration.some.totalCount).toBeGreaterThan(0);
  for (const { firstName, lastName } of penetration.some.nodes)
    expect(`${firstName} ${lastName}`.toLowerCase()).toContain('er');
});

test('a filter that can not be is refused with its path', async () => {
  const { errors } = await compiled.ask(
    organization,
    '{ metrics { won { records(filter: { amount: { gte: "0.001" } }) { totalCount } } } }',
  );
  expect(errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT', argument: 'records.filter.amount' } },
  ]);
});
