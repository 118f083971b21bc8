import { IANAZone } from 'luxon';
import { isNamedZone } from '../../src/identity/time-zone.ts';
import { metricWindow } from '../../src/metrics/metric-window.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** In the past, so that both have the same rules for it whichever year their time zone data is of. */
const moments = [
  '2023-01-15T12:00:00Z',
  '2023-07-15T12:00:00Z',
  '2024-03-31T12:00:00Z',
  '2024-11-03T12:00:00Z',
];

async function minutesInDatabase(zones: string[]): Promise<Map<string, number[]>> {
  const { rows } = await world.owner.query<{ zone: string; minutes: number[] }>(
    `select zone, array_agg((extract(epoch from (at at time zone zone) - (at at time zone 'UTC')) / 60)::int order by at) as minutes
     from unnest($1::text[]) zone, unnest($2::timestamptz[]) at group by zone`,
    [zones, moments],
  );
  return new Map(rows.map(({ zone, minutes }) => [zone, minutes]));
}

test('every zone that is taken is the same one to the database, however it is written', async () => {
  const { rows } = await world.owner.query<{ name: string }>('select name from pg_timezone_names');
  const known = new Set([...Intl.supportedValuesOf('timeZone'), ...rows.map(({ name }) => name), 'UTC']);
  const names = [...known, 'SystemV/PST8PDT', 'US/Pacific-New'].flatMap((name) => [
    ...[name, name.toLowerCase(), name.toUpperCase()],
  ]);
  const taken = [...new Set(names)].filter((name) => isNamedZone(name));
  expect(taken.length).toBeGreaterThan(1_000);
  const inDatabase = await minutesInDatabase(taken);
  const differing = taken.filter((zone) => {
    const here = moments.map((at) => IANAZone.create(zone).offset(Date.parse(at)));
    return String(here) !== String(inDatabase.get(zone));
  });
  expect(differing).toEqual([]);
});

test.each([
  ...[
    '+08:00',
    '-08:00',
    '+08',
    '+0800',
    '08:00',
    'UTC+3',
    'GMT+8',
    'GMT0',
    'Z',
    'EST',
    'EST5EDT',
    'CET',
    'IST',
  ],
  ...[
    'system',
    'local',
    'default',
    'utc ',
    '',
    ' ',
    'Europe/Berlin ',
    'Europe/Atlantis',
    'Europe/',
    '/',
    'Etc/GMT+15',
  ],
  ...[
    'SystemV/PST8',
    'US/Pacific-New',
    'posix/Europe/Berlin',
    '../etc/passwd',
    "Europe/Berlin'; select 1",
    'Europe/Berlin\0',
  ],
])('%j is no zone: no window has its days there', (timeZone) => {
  expect(isNamedZone(timeZone)).toBe(false);
  const organization = { timeZone: 'UTC', fiscalYearStartMonth: 1 };
  expect(() => metricWindow({ timeZone }, organization, new Date(), 'closing')).toThrow(
    expect.objectContaining({
      message: `closing.timeZone is no IANA time zone (Europe/Berlin, …): ${timeZone}`,
      extensions: { code: 'BAD_USER_INPUT', argument: 'closing.timeZone' },
    }),
  );
});
