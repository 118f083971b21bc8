import 'reflect-metadata';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { Explainer } from '../support/plans.ts';
import { openWorld, type World } from '../support/world.ts';
import { openApi } from './ask.ts';
import { storeAccounts } from './some-accounts.ts';

const ACCOUNTS = 1_000;
const CONTACTS = 1_000;
const DEALS = 10_000;

let world: World;
let one: Awaited<ReturnType<World['organization']>>;
beforeAll(async () => {
  world = await openWorld();
  one = await world.organization();
  const accountIds = await storeAccounts(
    world.database,
    one.tenant,
    Array.from({ length: ACCOUNTS }, (_, index) => `Account ${String(index).padStart(4, '0')}`),
  );
  const contactIds = Array.from({ length: CONTACTS }, () => uuidv7());
  await world.database.write(one.tenant, async (tx) => {
    await tx.query(sql`
      insert into opportunity (organization_id, id, account_id, name, name_key, stage_id, stage_position, amount, currency,
        probability, forecast_category, close_date, closed_at, is_closed, is_won, created_at, updated_at)
      select ${one.id}, gen_random_uuid(), (${accountIds}::uuid[])[1 + n % ${ACCOUNTS}::int], 'Deal', 'deal', s.id, s.position, n * 100,
        'EUR', 50, s.forecast_category, '2024-01-01'::date + n % 700, case when s.is_closed then now() end, s.is_closed, s.is_won,
        '2024-01-01'::timestamptz + n * interval '30 minutes', now()
      from generate_series(1, ${DEALS}::int) n
      join stage s on s.organization_id = ${one.id} and s.position = 1 + n % 10`);
    // each began in the first stage, was in the third, and is where it is now
    await tx.query(sql`
      insert into opportunity_version (organization_id, id, opportunity_id, stage_id, amount, currency, probability,
        forecast_category, close_date, is_closed, is_won, valid_from, valid_to)
      select ${one.id}, gen_random_uuid(), o.id, case when step = 2 then o.stage_id else s.id end, o.amount, o.currency,
        o.probability, case when step = 2 then o.forecast_category else 'PIPELINE' end, o.close_date,
        step = 2 and o.is_closed, step = 2 and o.is_won, o.created_at + step * interval '10 days',
        case when step < 2 then o.created_at + (step + 1) * interval '10 days' end
      from opportunity o
      cross join generate_series(0, 2) step
      join stage s on s.organization_id = ${one.id} and s.position = 1 + 2 * (step % 2)
      where o.organization_id = ${one.id}`);
    await tx.query(sql`
      insert into contact (organization_id, id, last_name, name_key, created_at, updated_at)
      select ${one.id}, c.id, 'Someone', 'someone', now(), now() from unnest(${contactIds}::uuid[]) c (id)`);
    await tx.query(sql`
      insert into opportunity_contact_role (organization_id, id, opportunity_id, contact_id, created_at)
      select ${one.id}, gen_random_uuid(), o.id, (${contactIds}::uuid[])[1 + (o.amount / 100) % ${CONTACTS}::int], o.created_at
      from opportunity o where o.organization_id = ${one.id}`);
  });
  await world.owner.query('analyze');
});
afterAll(() => world.close());

const conversion = 'stageConversion { rate { value';

test.each([
  ['stage conversion', `${conversion} } }`],
  ['its records', `${conversion} records(first: 3) { totalCount nodes { id } } } }`],
  ['time in stage', 'stageDuration { duration { medianDays } }'],
  ['threading', 'threading { median multiThreadedShare { records(first: 3) { totalCount nodes { id } } } }'],
])(
  '%s of a page of accounts reads their deals and the history of these, by index',
  async (_name, selected) => {
    const api = await openApi(world, 'interpreted');
    const statements: { text: string; values: readonly unknown[] }[] = [];
    world.database.observe = (text, values) => {
      if (text.includes('opportunity')) statements.push({ text, values });
    };
    const { errors } = await api.ask(one, `{ accounts(first: 20) { nodes { metrics { ${selected} } } } }`);
    world.database.observe = undefined;
    await api.close();
    expect(errors).toEqual([]);
    expect(statements.length).toBeGreaterThan(0);
    const explainer = await Explainer.connect(world.url, one.tenant);
    // of records that differ by the stage alone the first are like the others
    for (const { text, values } of statements.slice(0, 4))
      for (const mode of ['custom', 'generic'] as const) {
        const plan = await explainer.plan(text, values, mode);
        expect([mode, plan.faults, plan.scannedTables.filter((table) => table !== 'stage')]).toEqual([
          mode,
          [],
          [],
        ]);
        expect(plan.indexes).toContain('opportunity_account_idx');
      }
    await explainer.close();
  },
);
