import { UserEntity } from '../../src/identity/identity.entity.ts';
import { createUser } from '../../src/identity/user.service.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { openWorld, type World } from '../support/world.ts';
import { type Cells, importTables, type Organization, rowsOf, select, sfId } from './export-folder.ts';

let world: World;
let organization: Organization;
beforeAll(async () => void (world = await openWorld()));
beforeEach(async () => void (organization = await world.organization({ timeZone: 'Europe/Berlin' })));
afterAll(() => world.close());

const now = new Date('2026-06-01T12:00Z');
const load = (tables: Record<string, Cells[]>, options = {}) =>
  importTables(world, organization, tables, { now, ...options });
const rows = (table: string, columns: string) => rowsOf(world, organization, table, columns);
const account = (number: number, cells: Cells = {}) => ({
  Id: sfId('001', number),
  Name: `Account ${number}`,
  ...cells,
});
const lead = (number: number, cells: Cells = {}) => ({
  Id: sfId('00Q', number),
  LastName: `Lead ${number}`,
  Company: 'Acme',
  ...cells,
});
const deal = (number: number, cells: Cells = {}) => ({
  Id: sfId('006', number),
  Name: `Deal ${number}`,
  StageName: 'Qualification',
  CloseDate: '2026-05-31',
  ...cells,
});

describe('fields', () => {
  test('of an account', async () => {
    await load({
      Account: [
        {
          ...{ Id: sfId('001', 1).slice(0, 15), Name: 'Société Générale S.A.', Type: 'Customer - Direct' },
          ...{ Website: 'https://www.Shop.Acme.co.uk/x', Industry: 'Énergie', AnnualRevenue: '1.39E8' },
          ...{ CurrencyIsoCode: 'JPY', NumberOfEmployees: '1,000', Phone: '(512) 757-6000', Rating: 'Hot' },
          ...{ BillingStreet: '1 Main\n2nd floor', BillingCity: 'Paris', BillingState: 'IDF' },
          ...{ BillingPostalCode: '01234', BillingCountry: 'France', Description: ' as given ' },
        },
        account(2),
      ],
    });
    const columns = `name, name_key, match_key, type, type_label, website, domain, industry, industry_key, annual_revenue,
      annual_revenue_currency, employees, phone, rating, street, city, state, postal_code, country, description, external_id, is_target`;
    const [first, second] = await rows('account', columns);
    expect(first).toEqual({
      ...{ name: 'Société Générale S.A.', name_key: 'societe generale s.a.', match_key: 'societe generale' },
      ...{ type: 'CUSTOMER', type_label: 'Customer - Direct', website: 'https://www.Shop.Acme.co.uk/x' },
      ...{ domain: 'acme.co.uk', industry: 'Énergie', industry_key: 'energie', annual_revenue: '139000000' },
      ...{ annual_revenue_currency: 'JPY', employees: 1000, phone: '(512) 757-6000', rating: 'Hot' },
      ...{
        street: '1 Main\n2nd floor',
        city: 'Paris',
        state: 'IDF',
        postal_code: '01234',
        country: 'France',
      },
      ...{ description: ' as given ', external_id: sfId('001', 1), is_target: false },
    });
    expect(second).toMatchObject({
      type: null,
      domain: null,
      annual_revenue: null,
      annual_revenue_currency: null,
    });
  });

  test('of a contact, with opt-outs and the e-mail as given', async () => {
    await load({
      Account: [account(1)],
      Contact: [
        {
          ...{
            Id: sfId('003', 1),
            AccountId: sfId('001', 1).slice(0, 15),
            FirstName: 'José',
            LastName: "D'Cruz",
          },
          ...{
            Email: 'J.Davis@Expressl&t.net',
            Phone: '1',
            MobilePhone: '2',
            Title: 'CFO',
            LeadSource: 'Web',
          },
          ...{ HasOptedOutOfEmail: '1', DoNotCall: 'TRUE', MailingCity: 'Berlin' },
        },
        { Id: sfId('003', 2), LastName: 'Alone', HasOptedOutOfEmail: '', DoNotCall: 'false' },
      ],
    });
    const columns = `first_name, last_name, name_key, email, email_key, phone, mobile, title, title_key, source, city,
      email_opt_out, do_not_call, account_id is not null as at_account`;
    expect(await rows('contact', columns)).toMatchObject([
      {
        ...{
          first_name: 'José',
          last_name: "D'Cruz",
          name_key: "jose d'cruz",
          email: 'J.Davis@Expressl&t.net',
        },
        ...{ email_key: 'j.davis@expressl&t.net', phone: '1', mobile: '2', title: 'CFO', title_key: 'cfo' },
        ...{ source: 'Web', city: 'Berlin', email_opt_out: true, do_not_call: true, at_account: true },
      },
      { last_name: 'Alone', email_opt_out: false, do_not_call: false, at_account: false },
    ]);
  });

  test('of a lead; its company is matched to the accounts of the same files', async () => {
    await load({
      Account: [account(1, { Name: 'Acme GmbH', Website: 'acme.de' })],
      Lead: [
        lead(1, {
          Email: 'x@mail.acme.de',
          Company: 'Acme',
          Street: 'S',
          Rating: 'Warm',
          AnnualRevenue: '10',
        }),
      ],
    });
    const columns =
      'company, match_key, domain, street, rating, annual_revenue, annual_revenue_currency, match_method, is_converted';
    expect(await rows('lead', columns)).toEqual([
      {
        ...{ company: 'Acme', match_key: 'acme', domain: 'acme.de', street: 'S', rating: 'Warm' },
        ...{
          annual_revenue: '1000',
          annual_revenue_currency: 'EUR',
          match_method: 'DOMAIN',
          is_converted: false,
        },
      },
    ]);
  });

  test('of an opportunity keep their own probability, category and outcome', async () => {
    await load({
      Opportunity: [
        deal(1, { Amount: '1823.15', Probability: '35', ForecastCategory: 'Forecast', CurrencyIsoCode: 'USD', Type: 'New', NextStep: 'Call', LeadSource: 'Web' }),
        deal(2),
        deal(3, { ForecastCategoryName: 'Best Case' }),
      ],
    }); // prettier-ignore
    const columns =
      'amount, currency, probability, forecast_category, stage_position, type_label, next_step, source, source_key, close_date';
    expect(await rows('opportunity', columns)).toMatchObject([
      {
        ...{
          amount: '182315',
          currency: 'USD',
          probability: 35,
          forecast_category: 'COMMIT',
          stage_position: 2,
        },
        ...{
          type_label: 'New',
          next_step: 'Call',
          source: 'Web',
          source_key: 'web',
          close_date: '2026-05-31',
        },
      },
      { amount: null, currency: 'EUR', probability: 10, forecast_category: 'PIPELINE' },
      { forecast_category: 'BEST_CASE' },
    ]);
  });
});

describe('creation and change', () => {
  const columns = 'created_at, created_at_estimated, updated_at';

  test('are those of the file, in the zone given', async () => {
    await load(
      { Account: [account(1, { CreatedDate: '02/23/26', LastModifiedDate: '02/24/26 02:18 AM' })] },
      { timeZone: 'America/New_York' },
    );
    expect(await rows('account', columns)).toEqual([
      {
        created_at: '2026-02-23T05:00:00.000Z',
        created_at_estimated: false,
        updated_at: '2026-02-24T07:18:00.000Z',
      },
    ]);
  });

  test("are read in the organisation's zone when none is given", async () => {
    await load({ Account: [account(1, { CreatedDate: '02/23/26', SystemModstamp: '02/24/26 02:18 AM' })] });
    expect(await rows('account', columns)).toMatchObject([
      { created_at: '2026-02-22T23:00:00.000Z', updated_at: '2026-02-24T01:18:00.000Z' },
    ]);
  });

  test('are estimated from the earliest date known, of the row itself or of what refers to it', async () => {
    await load({
      Account: [account(1), account(2, { LastModifiedDate: '2026-04-01' }), account(3)],
      Contact: [{ Id: sfId('003', 1), LastName: 'X', AccountId: sfId('001', 1), CreatedDate: '2026-03-01' }],
      Lead: [
        lead(1, {
          ...{ IsConverted: '1', ConvertedDate: '2026-02-01', ConvertedAccountId: sfId('001', 1) },
          LastModifiedDate: '2026-05-01',
        }),
      ],
      Opportunity: [
        deal(1, { CloseDate: '2026-01-15', LastModifiedDate: '2026-05-01', AccountId: sfId('001', 2) }),
        deal(2, { CloseDate: '2027-01-15', LastModifiedDate: '2026-05-01' }),
      ],
    });
    const estimated = (created_at: string) => ({ created_at, created_at_estimated: true });
    expect(await rows('account', columns)).toMatchObject([
      estimated('2026-01-31T23:00:00.000Z'),
      estimated('2026-03-31T22:00:00.000Z'),
      estimated(now.toISOString()),
    ]);
    expect(await rows('lead', columns)).toMatchObject([estimated('2026-01-31T23:00:00.000Z')]);
    expect(await rows('opportunity', columns)).toMatchObject([
      estimated('2026-01-14T23:00:00.000Z'),
      estimated('2026-04-30T22:00:00.000Z'),
    ]);
  });

  test('that are impossible or still to come reject their row, naming the column', async () => {
    const { rejected } = await load({
      Account: [
        account(1, { CreatedDate: '02/30/26' }),
        account(2, { LastModifiedDate: '2026-06-01T12:00:01Z' }),
      ],
      Opportunity: [deal(1, { CloseDate: '13/13/26' }), deal(2, { CloseDate: '' })],
    });
    expect(rejected).toMatchObject([
      { file: 'Account.csv', line: 2, column: 'CreatedDate', reason: '"02/30/26" is an impossible date (read as month/day/year)' },
      { file: 'Account.csv', line: 3, column: 'LastModifiedDate' },
      { file: 'Opportunity.csv', line: 2, column: 'CloseDate' },
      { file: 'Opportunity.csv', line: 3, column: 'CloseDate', reason: 'is blank' },
    ]); // prettier-ignore
  });
});

describe('owners', () => {
  const users = () =>
    select(
      world,
      organization,
      'select name, email, role, is_active, is_placeholder from app_user where organization_id = $org and external_id is not null order by external_id',
    );

  test('we do not know become placeholders, named by User.csv or by their id', async () => {
    const result = await load({
      User: [
        { Id: sfId('005', 1), Name: 'Ada Lovelace', Email: 'ada@example.com', IsActive: 'false' },
        { Id: sfId('005', 3), Name: 'Idle' },
      ],
      Account: [
        account(1, { OwnerId: sfId('005', 1) }),
        account(2, { OwnerId: sfId('005', 2).slice(0, 15) }),
      ],
    });
    expect(result.types.users).toMatchObject({ created: 2 });
    expect(result.notes).toContain('1 users of User.csv own nothing here and were left out');
    expect(await users()).toEqual([
      { name: 'Ada Lovelace', email: 'ada@example.com', role: 'AE', is_active: false, is_placeholder: true },
      {
        name: `Salesforce user ${sfId('005', 2)}`,
        email: null,
        role: 'AE',
        is_active: true,
        is_placeholder: true,
      },
    ]);
  });

  test('whose e-mail address is that of a person of ours are that person', async () => {
    const person = await createUser(world.database, organization.id, { name: 'Ada', email: 'Ada@Example.com', role: Role.SDR }); // prettier-ignore
    const tables = {
      User: [
        { Id: sfId('005', 1), Name: 'A. Lovelace', Email: 'ada@example.com' },
        { Id: sfId('005', 2), Name: 'Shared', Email: 'ada@example.com' },
      ],
      Account: [account(1, { OwnerId: sfId('005', 1) }), account(2, { OwnerId: sfId('005', 2) })],
    };
    await load(tables);
    expect(await users()).toMatchObject([
      { name: 'Ada', role: 'SDR', is_placeholder: false },
      { name: 'Shared', email: null, is_placeholder: true },
    ]);
    expect(await rows('account', 'owner_id')).toMatchObject([{ owner_id: person.id }, {}]);
    expect((await load(tables)).types.users).toEqual({ created: 0, updated: 0, unchanged: 2, rejected: 0 });
  });

  test('stay placeholders that follow User.csv until they become people', async () => {
    const tables = (name: string) => ({
      User: [{ Id: sfId('005', 1), Name: name, Email: 'ada@example.com' }],
      Account: [account(1, { OwnerId: sfId('005', 1) })],
    });
    await load(tables('Ada L.'));
    expect((await load(tables('Ada Lovelace'))).types.users.updated).toBe(1);
    await createUser(world.database, organization.id, {
      name: 'Ada',
      email: 'ada@example.com',
      role: Role.AE,
    });
    expect((await load(tables('Somebody'))).types.users.unchanged).toBe(1);
    expect(await users()).toMatchObject([{ name: 'Ada', is_placeholder: false }]);
  });

  test('of leads may be queues', async () => {
    const queue = sfId('00G', 1);
    const result = await load({
      Lead: [lead(1, { OwnerId: queue })],
      Account: [account(1, { OwnerId: queue })],
    });
    expect(await rows('lead', 'owner_id, queue_id is not null as in_queue')).toEqual([
      { owner_id: null, in_queue: true },
    ]);
    expect(await rows('account', 'owner_id')).toEqual([{ owner_id: null }]);
    expect(await rows('queue', 'name')).toEqual([{ name: `Salesforce queue ${queue}` }]);
    expect(result.notes).toContain(
      '1 records other than leads belong to a queue and were imported without an owner',
    );
  });

  test('are all real rows to the entity manager', async () => {
    await load({ Account: [account(1, { OwnerId: sfId('005', 1) })] });
    const found = await world.database.write(organization.tenant, ({ em }) =>
      em.find(UserEntity, { organizationId: organization.id, isPlaceholder: true }),
    );
    expect(found).toHaveLength(1);
  });
});

describe('stages and statuses', () => {
  test('we do not have are added with the flags of their rows, open ones where their probability puts them', async () => {
    const result = await load({
      Opportunity: [
        deal(1, { StageName: 'Proposal', Probability: '75', ForecastCategory: 'BestCase', IsClosed: '', IsWon: '' }),
        deal(2, { StageName: 'Won by Partner', Probability: '100', ForecastCategory: 'Closed', IsClosed: '1', IsWon: '1' }),
        deal(3, { StageName: 'No Budget', Probability: '0', ForecastCategory: 'Omitted', IsClosed: 'TRUE', IsWon: 'FALSE' }),
        deal(4, { StageName: 'closed WON', IsClosed: '1', IsWon: '1' }),
      ],
    }); // prettier-ignore
    expect(result.notes).toContain('Added the stage "Proposal"');
    const stages = await select(
      world,
      organization,
      'select name, position, probability, forecast_category, is_closed, is_won from stage where organization_id = $org order by position',
    );
    expect(stages.slice(6)).toEqual([
      { name: 'Proposal/Price Quote', position: 7, probability: 75, forecast_category: 'PIPELINE', is_closed: false, is_won: false },
      { name: 'Proposal', position: 8, probability: 75, forecast_category: 'BEST_CASE', is_closed: false, is_won: false },
      { name: 'Negotiation/Review', position: 9, probability: 90, forecast_category: 'PIPELINE', is_closed: false, is_won: false },
      { name: 'Closed Won', position: 10, probability: 100, forecast_category: 'CLOSED', is_closed: true, is_won: true },
      { name: 'Closed Lost', position: 11, probability: 0, forecast_category: 'OMITTED', is_closed: true, is_won: false },
      { name: 'Won by Partner', position: 12, probability: 100, forecast_category: 'CLOSED', is_closed: true, is_won: true },
      { name: 'No Budget', position: 13, probability: 0, forecast_category: 'OMITTED', is_closed: true, is_won: false },
    ]); // prettier-ignore
    expect(await rows('opportunity', 'stage_position')).toEqual(
      [8, 12, 13, 10].map((stage_position) => ({ stage_position })),
    );
  });

  test('that move take the opportunities in them along', async () => {
    await load({ Opportunity: [deal(1, { StageName: 'Closed Won' })] });
    await load({ Opportunity: [deal(2, { StageName: 'Trial', Probability: '40', IsClosed: '0' })] });
    expect(await rows('opportunity', 'stage_position')).toEqual([
      { stage_position: 10 },
      { stage_position: 4 },
    ]);
  });

  test('we have keep their flags, and a row that disagrees keeps its own', async () => {
    const result = await load({
      Opportunity: [
        deal(1, { StageName: 'Negotiation/Review', IsClosed: '1', IsWon: '1', CreatedDate: '2026-01-01' }),
      ],
    });
    expect(result.notes).toContain(
      'The stage "Negotiation/Review" keeps its flags; 1 opportunities in it say otherwise and keep theirs',
    );
    expect(await rows('opportunity', 'is_closed, is_won, probability, forecast_category')).toEqual([
      { is_closed: true, is_won: true, probability: 90, forecast_category: 'CLOSED' },
    ]);
    const [stage] = await select(
      world,
      organization,
      "select is_closed from stage where organization_id = $org and name = 'Negotiation/Review'",
    );
    expect(stage).toEqual({ is_closed: false });
  });

  test('a deal can not be won and open', async () => {
    const { rejected } = await load({ Opportunity: [deal(1, { IsClosed: 'FALSE', IsWon: 'TRUE' })] });
    expect(rejected).toMatchObject([{ column: 'IsWon', reason: 'is true although IsClosed is not' }]);
  });

  test('of leads are converted when a converted lead has them', async () => {
    await load({
      Lead: [
        lead(1, { Status: 'New' }),
        lead(2, { Status: 'Handed over', IsConverted: 'TRUE', ConvertedDate: '2026-01-01' }),
        lead(3, { Status: 'Handed over', IsConverted: 'FALSE' }),
        lead(4, { Status: '' }),
      ],
    });
    const statuses = await select(
      world,
      organization,
      'select name, is_converted, is_closed from lead_status where organization_id = $org order by position',
    );
    expect(statuses).toEqual([
      { name: 'Open - Not Contacted', is_converted: false, is_closed: false },
      { name: 'Working - Contacted', is_converted: false, is_closed: false },
      { name: 'New', is_converted: false, is_closed: false },
      { name: 'Closed - Converted', is_converted: true, is_closed: true },
      { name: 'Closed - Not Converted', is_converted: false, is_closed: true },
      { name: 'Handed over', is_converted: true, is_closed: true },
    ]);
    const leads = await select(
      world,
      organization,
      'select s.name, l.is_converted from lead l join lead_status s on s.organization_id = $org and s.id = l.status_id where l.organization_id = $org order by l.external_id',
    );
    expect(leads).toEqual([
      { name: 'New', is_converted: false },
      { name: 'Handed over', is_converted: true },
      { name: 'Handed over', is_converted: false },
      { name: 'Open - Not Contacted', is_converted: false },
    ]);
  });
});

describe('links', () => {
  test('to parents are found in any order', async () => {
    await load({
      Account: [
        account(1, { ParentId: sfId('001', 2) }),
        account(2, { ParentId: sfId('001', 3) }),
        account(3),
      ],
    });
    const parents = await select(
      world,
      organization,
      'select a.name, p.name as parent from account a left join account p on p.organization_id = $org and p.id = a.parent_id where a.organization_id = $org order by a.name',
    );
    expect(parents).toEqual([
      { name: 'Account 1', parent: 'Account 2' },
      { name: 'Account 2', parent: 'Account 3' },
      { name: 'Account 3', parent: null },
    ]);
  });

  test('in a circle of parents reject its rows and what hangs below', async () => {
    const { rejected, types } = await load({
      Account: [
        account(1, { ParentId: sfId('001', 2) }),
        account(2, { ParentId: sfId('001', 1) }),
        account(3, { ParentId: sfId('001', 3) }),
        account(4, { ParentId: sfId('001', 1) }),
        account(5),
      ],
    });
    expect(types.accounts).toMatchObject({ created: 1, rejected: 4 });
    expect(rejected.map(({ line, column }) => [line, column])).toEqual(
      [[2, 'ParentId'], [3, 'ParentId'], [4, 'ParentId'], [5, 'ParentId']], // prettier-ignore
    );
    const [one, two, three] = [sfId('001', 1), sfId('001', 2), sfId('001', 3)];
    expect(rejected[0]!.reason).toBe(`makes the account its own ancestor: ${one} → ${two} → ${one}`);
    expect(rejected[2]!.reason).toBe(`makes the account its own ancestor: ${three} → ${three}`);
    expect(rejected[3]!.reason).toContain('names no account we have');
  });

  test('that would close a circle with a parent imported before are rejected', async () => {
    await load({ Account: [account(1, { ParentId: sfId('001', 2) }), account(2)] });
    const { rejected } = await load({ Account: [account(2, { ParentId: sfId('001', 1) })] });
    expect(rejected).toMatchObject([{ line: 2, column: 'ParentId' }]);
  });

  test('to nothing, to a rejected or to a deleted row reject theirs; none at all is fine', async () => {
    const contact = (number: number, accountId: string) => ({
      ...{ Id: sfId('003', number), LastName: 'X', AccountId: accountId },
    });
    const { rejected, types } = await load({
      Account: [account(1, { NumberOfEmployees: '-5' }), account(2, { IsDeleted: 'TRUE' }), account(3)],
      Contact: [
        contact(1, sfId('001', 1)),
        contact(2, sfId('001', 2)),
        contact(3, sfId('001', 99)),
        contact(4, ''),
        contact(5, sfId('001', 3)),
        contact(6, 'what?'),
      ],
      Opportunity: [deal(1, { AccountId: sfId('001', 99) })],
    });
    expect(types.accounts).toEqual({ created: 1, updated: 0, unchanged: 0, rejected: 1, skippedDeleted: 1 });
    expect(types.contacts).toMatchObject({ created: 2, rejected: 4 });
    expect(rejected.filter(({ file }) => file === 'Contact.csv').map(({ line, reason }) => [line, reason])).toEqual([
      [7, '"what?" is no Salesforce id (15 or 18 letters and digits)'],
      [2, `names no account we have: ${sfId('001', 1)} is neither a good row of Account.csv nor imported before`],
      [3, `names a deleted account: ${sfId('001', 2)}`],
      [4, `names no account we have: ${sfId('001', 99)} is neither a good row of Account.csv nor imported before`],
    ]); // prettier-ignore
    expect(rejected).toContainEqual(
      expect.objectContaining({ file: 'Opportunity.csv', line: 2, column: 'AccountId' }),
    );
  });

  test('may lead to records of an earlier import', async () => {
    await load({ Account: [account(1)] });
    const { types } = await load({
      Contact: [{ Id: sfId('003', 1), LastName: 'X', AccountId: sfId('001', 1) }],
    });
    expect(types.contacts.created).toBe(1);
  });
});

test('decimals beyond the currency are rounded, and that is noted', async () => {
  const { notes } = await load({
    Opportunity: [deal(1, { Amount: '10.005' }), deal(2, { Amount: '10.00' })],
  });
  expect(notes).toContain(
    '1 amounts had more decimals than their currency and were rounded half away from zero',
  );
  expect(await rows('opportunity', 'amount')).toEqual([{ amount: '1001' }, { amount: '1000' }]);
});

test('one entry in the journal tells of the whole import, with its numbers', async () => {
  await load({ Account: [account(1), account(2)] });
  const entries = await select(
    world,
    organization,
    'select record_type, action, actor_name, after from audit_entry where organization_id = $org',
  );
  expect(entries).toMatchObject([
    {
      ...{ record_type: 'Import', action: 'importSalesforce', actor_name: 'Administrator' },
      after: { source: 'Salesforce', types: { accounts: { created: 2 } } },
    },
  ]);
  const events = await select(
    world,
    organization,
    'select type from outbox_event where organization_id = $org',
  );
  expect(events).toEqual([{ type: 'importSalesforce' }]);
});
