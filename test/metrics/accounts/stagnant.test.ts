import 'reflect-metadata';
import sql, { raw } from 'sql-template-tag';
import type { Tenant } from '../../../src/database/tenant.ts';
import { parseId } from '../../../src/graphql/ids.ts';
import type { Data } from '../../support/graphql.ts';
import { fillBulk } from '../../support/bulk.ts';
import { Explainer } from '../../support/plans.ts';
import { watchTenants } from '../../support/tenant-bound.ts';
import { openWorld, type World } from '../../support/world.ts';
import { openApi } from '../ask.ts';
import { ago, setSettings, some, statementsOf, store } from './few-records.ts';

type Organization = Awaited<ReturnType<World['organization']>>;

let world: World;
let api: Awaited<ReturnType<typeof openApi>>;
let tenants: ReturnType<typeof watchTenants>;
let one: Organization;
beforeAll(async () => {
  world = await openWorld();
  api = await openApi(world, 'compiled');
  tenants = watchTenants(world.database);
});
beforeEach(async () => {
  one = await world.organization({ timeZone: 'UTC' });
});
afterEach(() => tenants.assertNone());
afterAll(async () => {
  await api.close();
  await world.close();
});

const query = `query Stagnant($first: Int, $after: String, $types: [StagnantType!]) {
  stagnantRecords(first: $first, after: $after, types: $types) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { type days reason record { id __typename } }
  }
}`;

async function asked(variables: Data = {}, organization = one): Promise<Data> {
  const { data, errors } = await api.ask(organization, query, { first: 100, ...variables });
  expect(errors).toEqual([]);
  return (data as unknown as Data)['stagnantRecords'] as Data;
}

/** What is listed: type, days and which record. */
async function listed(variables?: Data): Promise<[string, number, string][]> {
  const { nodes, totalCount } = await asked(variables);
  expect(totalCount).toBe(nodes.length);
  return (nodes as Data[]).map(({ type, days, record }) => [type, days, parseId(record.id)!.uuid]);
}

async function change(text: ReturnType<typeof sql>) {
  await world.database.write(one.tenant, (tx) => tx.query(text));
}

test('records of each type are listed beyond their limit, longest first, with the record itself', async () => {
  const account = some.account({ at: ago(91) });
  const contact = some.contact(null, { at: ago(181) });
  const lead = some.lead(null, { at: ago(92) });
  const deal = some.deal(null, 'open', { at: ago(31) });
  await store(world, one.tenant, {
    accounts: [account, some.account({ at: ago(90) })],
    contacts: [contact, some.contact(null, { at: ago(180) })],
    leads: [lead, some.lead(null, { at: ago(90) })],
    deals: [deal, some.deal(null, 'open', { at: ago(30) })],
  });
  const { nodes, totalCount } = await asked();
  expect(totalCount).toBe(4);
  expect(
    (nodes as Data[]).map(({ record, ...rest }) => ({
      ...{ ...rest, uuid: parseId(record.id)!.uuid },
      of: record.__typename,
    })),
  ).toEqual(
    [
      { type: 'CONTACT', days: 181, uuid: contact.id, of: 'Contact' },
      { type: 'LEAD', days: 92, uuid: lead.id, of: 'Lead' },
      { type: 'ACCOUNT', days: 91, uuid: account.id, of: 'Account' },
      { type: 'OPPORTUNITY', days: 31, uuid: deal.id, of: 'Opportunity' },
    ].map((node) => ({ ...node, reason: `No activity since it was created ${node.days} days ago` })),
  );
  expect((await listed({ types: ['OPPORTUNITY', 'LEAD'] })).map(([type]) => type)).toEqual([
    'LEAD',
    'OPPORTUNITY',
  ]);
  expect(await listed({ types: [] })).toHaveLength(4);
});

test('limits are settings, and days are calendar days where the organisation is', async () => {
  one = await world.organization({ timeZone: 'Pacific/Auckland' });
  const deal = some.deal(null, 'open', { at: ago(5) });
  await store(world, one.tenant, { deals: [deal], accounts: [some.account({ at: ago(5) })] });
  expect(await listed()).toEqual([]);
  await setSettings(world, one.tenant, { opportunityStagnantDays: 4 });
  const [[, days] = []] = await listed();
  const local = (at: number) =>
    Date.parse(new Intl.DateTimeFormat('en-CA', { timeZone: one.timeZone }).format(at));
  expect(days).toBe((local(Date.now()) - local(deal.at)) / 86_400_000);
  await setSettings(world, one.tenant, { opportunityStagnantDays: 5 });
  expect(await listed()).toHaveLength(days! > 5 ? 1 : 0);
  await setSettings(world, one.tenant, { accountStagnantDays: 1 });
  expect((await listed()).map(([type]) => type)).toEqual(['ACCOUNT']);
});

test('the last activity that is done counts, of either direction; planned ones and those to come do not', async () => {
  const [called, planned, future] = [some.contact(null), some.contact(null), some.contact(null)];
  const at = (days: number) => ago(days);
  await store(world, one.tenant, {
    contacts: [called, planned, future],
    activities: [
      some.activity(at(300), null, { contactId: called.id }),
      some.activity(at(200), null, { contactId: called.id, direction: 'OUTBOUND' }),
      some.activity(at(1), null, { contactId: planned.id, isOpen: true }),
      some.activity(at(-2), null, { contactId: future.id }),
    ],
  });
  const { nodes } = await asked();
  expect(
    (nodes as Data[]).map(({ days, reason, record }) => [parseId(record.id)!.uuid, days, reason]).sort(),
  ).toEqual(
    [
      [called.id, 200, 'No activity for 200 days'],
      [planned.id, 365, 'No activity since it was created 365 days ago'],
      [future.id, 365, 'No activity since it was created 365 days ago'],
    ].sort(),
  );
});

test('an account is kept alive by its own activities and those of its contacts, opportunities and unconverted leads', async () => {
  const accounts = Array.from({ length: 7 }, () => some.account());
  const [own, byContact, byDeal, byLead, byGone, byConverted] = accounts.map(({ id }) => id);
  const contact = some.contact(byContact!);
  const gone = some.contact(byGone!, { isDeleted: true });
  const deal = some.deal(byDeal!, 'won');
  const lead = some.lead(byLead!);
  const converted = some.lead(byConverted!, { convertedAt: ago(300) });
  const linked = some.activity(ago(1), null, {});
  await store(world, one.tenant, {
    accounts,
    contacts: [contact, gone],
    deals: [deal],
    leads: [lead, converted],
    activities: [
      some.activity(ago(1), null, { accountId: own! }),
      some.activity(ago(1), null, { contactId: contact.id }),
      linked,
      some.activity(ago(1), null, { leadId: lead.id }),
      some.activity(ago(1), null, { contactId: gone.id }),
      some.activity(ago(1), null, { leadId: converted.id }),
    ],
  });
  await change(sql`update activity set opportunity_id = ${deal.id}
    where organization_id = ${one.id} and id = ${linked.id}`);
  const ids = (await listed({ types: ['ACCOUNT'] })).map(([, , id]) => id);
  expect(ids.sort()).toEqual([byGone, byConverted, accounts[6]!.id].sort());
});

test('what is closed, converted, deleted or merged away is not listed', async () => {
  const lead = some.lead(null);
  const [kept, merged] = [some.contact(null), some.contact(null)];
  const [account, mergedAccount] = [some.account(), some.account()];
  await store(world, one.tenant, {
    accounts: [account, mergedAccount, some.account({ isDeleted: true })],
    contacts: [kept, merged, some.contact(null, { isDeleted: true })],
    leads: [lead, some.lead(null, { convertedAt: ago(2) }), some.lead(null, { isDeleted: true })],
    deals: [some.deal(null, 'won'), some.deal(null, 'lost'), some.deal(null, 'open', { isDeleted: true })],
  });
  await change(sql`update lead set status_id = (select s.id from lead_status s where s.organization_id = ${one.id}
      and s.is_closed and not s.is_converted limit 1) where organization_id = ${one.id} and id = ${lead.id}`);
  await change(sql`update contact set merged_into_id = ${kept.id}, deleted_at = now()
    where organization_id = ${one.id} and id = ${merged.id}`);
  await change(sql`update account set merged_into_id = ${account.id}, deleted_at = now()
    where organization_id = ${one.id} and id = ${mergedAccount.id}`);
  expect((await listed()).map(([, , id]) => id).sort()).toEqual([account.id, kept.id].sort());
});

test('paging shows each record once, also where many are of the same moment', async () => {
  const same = ago(400);
  await store(world, one.tenant, {
    accounts: Array.from({ length: 9 }, () => some.account({ at: same })),
    contacts: Array.from({ length: 8 }, () => some.contact(null, { at: same })),
    leads: Array.from({ length: 7 }, (_, index) => some.lead(null, { at: same - (index % 3) })),
    deals: Array.from({ length: 6 }, () => some.deal(null, 'open', { at: same })),
  });
  const whole = await listed();
  expect(whole).toHaveLength(30);
  const seen: string[] = [];
  let after: string | null = null;
  for (;;) {
    const page: Data = await asked({ first: 4, after });
    expect(page['totalCount']).toBe(30);
    seen.push(...(page['nodes'] as Data[]).map(({ record }) => parseId(record.id)!.uuid));
    if (!page['pageInfo'].hasNextPage) break;
    after = page['pageInfo'].endCursor as string;
  }
  expect(seen).toEqual(whole.map(([, , id]) => id));
  expect(new Set(seen).size).toBe(30);
});

test('another organisation sees none of it, and bad input is refused where it is', async () => {
  await store(world, one.tenant, { accounts: [some.account()] });
  const other = await world.organization();
  expect(await asked({}, other)).toMatchObject({ totalCount: 0, nodes: [] });
  for (const [variables, message] of [
    [{ first: 101 }, /first.*0 to 100/],
    [{ first: -1 }, /first.*0 to 100/],
    [{ after: 'x' }, /after.*cursor/],
    [{ types: ['DEAL'] }, /StagnantType/],
  ] as [Data, RegExp][]) {
    const { errors } = await api.ask(one, query, variables);
    expect(errors.map((error) => error.message).join()).toMatch(message);
  }
});

test('among thousands of records activities are read by index, and none is read once per record', async () => {
  const tenant: Tenant = one.tenant;
  await fillBulk(world, tenant, {
    accounts: 2_000,
    contacts: 2,
    opportunities: 1,
    leads: 1,
    versions: false,
  });
  for (const [table, column] of [
    ['contact', 'contact_id'],
    ['opportunity', 'opportunity_id'],
    ['lead', 'lead_id'],
    ['account', 'account_id'],
  ] as const)
    await change(sql`insert into activity (organization_id, id, type, direction, occurred_at, is_open, ${raw(column)}, created_at, updated_at)
      select ${one.id}, gen_random_uuid(), 'CALL', 'OUTBOUND', r.created_at + n * interval '1 day', false, r.id, now(), now()
      from ${raw(table)} r, generate_series(1, 3) n where r.organization_id = ${one.id}`);
  await world.owner.query('analyze activity, contact, opportunity, lead, account');
  const explainer = await Explainer.connect(world.url, tenant);
  try {
    const statements = await statementsOf(world, () => asked({ first: 25 }));
    const lists = statements.filter(({ text }) => text.includes('touched'));
    expect(lists).toHaveLength(2);
    for (const { text, values } of lists)
      for (const mode of ['custom', 'generic'] as const) {
        const plan = await explainer.plan(text, values, mode);
        expect(plan.scannedTables).not.toContain('activity');
        // as the records themselves, not for each of them
        expect(plan.scannedTables).toHaveLength(new Set(plan.scannedTables).size);
        expect(plan.indexes.filter((index) => index.startsWith('activity'))).not.toEqual([]);
      }
    // the page's records are read together: settings, page, count, and one each for what the page shows
    expect(statements.length).toBeLessThanOrEqual(7);
    const { nodes } = await asked({ first: 100 });
    expect(nodes).toHaveLength(100);
  } finally {
    await explainer.close();
  }
});
