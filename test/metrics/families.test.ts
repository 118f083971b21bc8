import 'reflect-metadata';
import fc from 'fast-check';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { encodeId } from '../../src/graphql/ids.ts';
import type { Data } from '../support/graphql.ts';
import { runs } from '../support/runs.ts';
import { watchTenants } from '../support/tenant-bound.ts';
import { openWorld, type World } from '../support/world.ts';
import { anyAccountWorld, anyMoment, days, storeAccountWorld } from './accounts/account-worlds.ts';
import { openApi } from './ask.ts';
import { addDays, dayNumber, lastMomentBefore, type WindowInput } from './deals/calendar.ts';
import { periodsIn } from './deals/oracle-view.ts';
import { comparable } from './deals/selection.ts';

/*
 * Stages, threading, lineage and engagement of groups, periods and comparisons. What each is of a scope, a window and a
 * moment their own tests show; here the same deals have the same by every way.
 */
let world: World;
let api: Awaited<ReturnType<typeof openApi>>;
let tenants: ReturnType<typeof watchTenants>;
let one: Awaited<ReturnType<World['organization']>>;
let owners: string[];
beforeAll(async () => {
  world = await openWorld();
  api = await openApi(world, 'compiled');
  tenants = watchTenants(world.database);
  one = await world.organization({ currency: 'EUR', timeZone: 'UTC' });
  owners = [one.adminId, uuidv7()];
  await world.database.write(one.tenant, (tx) =>
    tx.query(sql`insert into app_user (organization_id, id, name, role, created_at, updated_at)
      values (${one.id}, ${owners[1]}, 'Una', 'AE', now(), now())`),
  );
});
afterEach(() => tenants.assertNone());
afterAll(async () => {
  await api.close();
  await world.close();
});

const FAMILIES = `
  fragment Rate on RateMetric { numerator denominator records(first: 1) { totalCount } }
  fragment Stages on SalesMetrics {
    stageConversion { from { position } rate { numerator denominator } }
    stageDuration { stage { position } duration { meanDays medianDays p90Days count } }
  }
  fragment Threading on SalesMetrics { threading { mean median multiThreadedShare { ...Rate } } }
  fragment Lineage on SalesMetrics {
    sourced { ...Rate } influenced { ...Rate }
    leadSourcedRevenue { count amount { amount } amountMissing unconverted { amount currency } records(first: 1) { totalCount } }
  }
  fragment Engagement on SalesMetrics { engagement { minutes people penetration { numerator denominator } } }
  fragment Families on SalesMetrics { ...Stages ...Threading ...Lineage ...Engagement }
  fragment Listed on SalesMetrics { listed: stageConversion { rate { denominator records(first: 1) { totalCount } } } }
  fragment Compared on SalesMetrics { ...Families comparison { ...Families } }`;

/** Everything in one operation, which has one now; each fragment has to be used. */
async function ask(fields: Record<string, string>): Promise<Data> {
  const selection = Object.entries(fields).map(([alias, field]) => `${alias}: ${field}`);
  const { data, errors } = await api.ask(
    one,
    `${FAMILIES} { unused: metrics @skip(if: true) { ...Compared ...Listed } ${selection.join('\n')} }`,
  );
  expect(errors).toEqual([]);
  return comparable(data) as Data;
}

interface Period {
  from: string;
  to: string;
}

interface Asked {
  window?: WindowInput | null;
  asOf: number | null;
  /** A condition on opportunities. */
  scope?: string;
}

/** The arguments of a field; none are no parentheses. */
function args({ window, asOf, scope }: Asked, ...more: string[]): string {
  const entries = Object.entries(window ?? {})
    .filter(([, value]) => value != null)
    .map(([name, value]) => `${name}: ${name === 'compare' ? value : JSON.stringify(value)}`);
  const all = [
    ...more,
    ...(entries.length > 0 ? [`window: { ${entries.join(', ')} }`] : []),
    ...(asOf === null ? [] : [`asOf: "${new Date(asOf).toISOString()}"`]),
    ...(scope ? [`scope: { opportunity: { ${scope} } }`] : []),
  ];
  return all.length > 0 ? `(${all.join(', ')})` : '';
}

/** Without `Listed`, of which there are as many as are counted. */
function unlisted({ listed, ...metrics }: Data): Data {
  for (const { rate } of listed as Data[]) expect(String(rate.records.totalCount)).toBe(rate.denominator);
  return metrics;
}

const anySpan = fc
  .tuple(fc.constantFrom(...days), fc.constantFrom(...days), fc.constantFrom('UTC', 'UTC', 'Europe/Berlin'))
  .map(([a, b, timeZone]) =>
    a < b ? { from: a, to: b, timeZone } : { from: b, to: addDays(a, 1), timeZone },
  );

/** Which opportunities, as aliases of one operation. */
const lists = (dimension: string, ids: string[]) => [
  ...ids.map((id) => `${dimension}: { eq: "${id}" }`),
  `${dimension}: { isNull: true }`,
];

test('a group has what a scope, a person, a campaign of the same opportunities has; the others what all but the first have', async () => {
  await fc.assert(
    fc.asyncProperty(anyAccountWorld(owners), fc.option(anySpan), anyMoment, async (rows, span, asOf) => {
      await storeAccountWorld(world.database, one.tenant, rows);
      const { campaigns } = await ask({ campaigns: 'campaigns { nodes { id } }' });
      const people = owners.map((id) => encodeId('User', id));
      const campaign = campaigns.nodes[0].id as string;
      const asked = { window: span && { ...span, compare: 'PREVIOUS' as const }, asOf };
      const metrics = (scope: string) => `metrics${args({ ...asked, scope })} { ...Compared }`;
      const groups = (...given: string[]) =>
        `metricGroups${args(asked, ...given)} { key { isOther owner { id } campaign { id } } metrics { ...Compared } }`;
      const scopes = [...lists('owner', people), ...lists('campaign', [campaign])];
      const answer = await ask({
        byOwner: groups('by: [OWNER]'),
        byCampaign: groups('by: [CAMPAIGN]'),
        top: groups('by: [OWNER]', 'first: 1'),
        nodes: `nodes(ids: ${JSON.stringify([...people, campaign])}) {
          ... on User { metrics${args(asked)} { ...Compared } } ... on Campaign { metrics${args(asked)} { ...Compared } } }`,
        ...Object.fromEntries(scopes.map((scope, place) => [`scope${place}`, metrics(scope)])),
        ...Object.fromEntries(
          people.map((id, place) => [`but${place}`, metrics(`not: { owner: { eq: "${id}" } }`)]),
        ),
      });
      const [ada, una, nobody, inCampaign, inNone] = scopes.map((_, place) => answer[`scope${place}`]);
      expect((answer['nodes'] as Data[]).map((node) => node['metrics'])).toEqual([ada, una, inCampaign]);
      const byOwner = new Map([
        [people[0], ada],
        [people[1], una],
        [undefined, nobody],
      ]);
      for (const { key, metrics: own } of answer['byOwner'] as Data[])
        expect(own).toEqual(byOwner.get(key.owner?.id));
      for (const { key, metrics: own } of answer['byCampaign'] as Data[])
        expect(own).toEqual(key.campaign ? inCampaign : inNone);
      const known = rows.deals.filter(({ isDeleted, at }) => !isDeleted && at <= (asOf ?? Infinity));
      expect(answer['byOwner']).toHaveLength(new Set(known.map(({ ownerId }) => ownerId)).size);
      expect(answer['byCampaign']).toHaveLength(new Set(known.map((deal) => deal.isOfCampaign)).size);
      const [first, others] = answer['top'] as Data[];
      if (others)
        expect(others['metrics']).toEqual(answer[`but${people.indexOf(first!['key'].owner.id as string)}`]);
    }),
    { numRuns: runs(6), endOnFailure: true },
  );
});

test('a period has the stages of what closes in it, the lineage of what it alone has as a window, the engagement of both', async () => {
  const interval = fc.constantFrom('MONTH' as const, 'QUARTER' as const);
  await fc.assert(
    fc.asyncProperty(anyAccountWorld(owners), interval, anyMoment, async (rows, unit, asOf) => {
      await storeAccountWorld(world.database, one.tenant, rows);
      const periods = periodsIn({ from: '2023-10-01', to: '2024-07-01' }, unit, 1);
      const closing = ({ from, to }: Period) => `closeDate: { gte: "${from}", lt: "${to}" }`;
      const created = ({ from, to }: Period) =>
        `createdAt: { gte: "${from}T00:00:00Z", lt: "${to}T00:00:00Z" }`;
      const answer = await ask({
        groups: `metricGroups${args({ asOf }, `by: [${unit}]`)} { key { period } metrics { ...Families ...Listed } }`,
        ...Object.fromEntries(
          periods.flatMap((period) => {
            const name = period.from.replaceAll('-', '');
            const either = `or: [{ ${closing(period)} }, { ${created(period)} }]`;
            return [
              [
                `closing${name}`,
                `metrics${args({ asOf, scope: closing(period) })} { ...Stages ...Threading }`,
              ],
              [`window${name}`, `metrics${args({ asOf, window: period })} { ...Lineage }`],
              [`either${name}`, `metrics${args({ asOf, scope: either })} { ...Engagement }`],
            ];
          }),
        ),
      });
      for (const { key, metrics: listed } of answer['groups'] as Data[]) {
        const metrics = unlisted(listed as Data);
        const name = (key.period as string).replaceAll('-', '');
        const expected = {
          ...answer[`closing${name}`],
          ...answer[`window${name}`],
          ...answer[`either${name}`],
        };
        expect([key.period, metrics]).toEqual([key.period, expected]);
      }
    }),
    { numRuns: runs(6), endOnFailure: true },
  );
});

test('in a series, and of a compared window, threading is as of the end; stages, lineage and engagement as known now', async () => {
  await fc.assert(
    fc.asyncProperty(anyAccountWorld(owners), anySpan, anyMoment, async (rows, span, asOf) => {
      await storeAccountWorld(world.database, one.tenant, rows);
      const { from, to, timeZone } = span;
      const length = dayNumber(to) - dayNumber(from);
      const unit = length < 6 ? ('DAY' as const) : ('MONTH' as const);
      const compared = { from: addDays(from, -length), to: from };
      const periods = periodsIn(span, unit, 1);
      const asked = { window: { ...span, compare: 'PREVIOUS' as const }, asOf };
      const answer = await ask({
        series: `metricSeries${args(asked, `interval: ${unit}`)} { from to metrics { ...Families ...Listed } }`,
        whole: `metrics${args(asked)} { comparison { ...Families } }`,
        ...Object.fromEntries(
          [compared, ...periods].flatMap((period, place) => {
            const window = { ...period, timeZone };
            const end = Math.min(lastMomentBefore(period.to, timeZone), asOf ?? Infinity);
            return [
              [`then${place}`, `metrics${args({ window, asOf: end })} { ...Threading }`],
              [`now${place}`, `metrics${args({ window, asOf })} { ...Stages ...Lineage ...Engagement }`],
            ];
          }),
        ),
      });
      const expected = [compared, ...periods].map((period, place) => ({
        ...period,
        metrics: { ...answer[`then${place}`], ...answer[`now${place}`] },
      }));
      const { comparison } = answer['whole'] as Data;
      const series = (answer['series'] as Data[]).map((period) => ({
        ...period,
        metrics: unlisted(period['metrics'] as Data),
      }));
      expect([{ ...compared, metrics: comparison }, ...series]).toEqual(expected);
    }),
    { numRuns: runs(12), endOnFailure: true },
  );
});
