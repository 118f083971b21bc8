import { checkOrganization } from '../../src/database/check.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { type Caller, callerOf, type Data } from '../support/graphql.ts';
import { mutate } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';
import { type Cells, dump, importTables, type Organization, rowsOf, select, sfId } from './export-folder.ts';

let world: World;
let organization: Organization;
let admin: Caller;
beforeAll(async () => void (world = await openWorld()));
beforeEach(async () => {
  organization = await world.organization({ timeZone: 'Europe/Berlin' });
  admin = await callerOf(world, organization);
});
afterEach(async () => expect(await checkOrganization(world.database, organization.id)).toEqual([]));
afterAll(() => world.close());

const load = (tables: Record<string, Cells[]>, options = {}) =>
  importTables(world, organization, tables, options);
const [account, campaign, lead, contact] = [sfId('001', 1), sfId('701', 1), sfId('00Q', 1), sfId('003', 1)];
const deal = sfId('006', 1);
const CreatedDate = '2026-02-01T10:00:00Z';

const people = (leadCells: Cells = {}) => ({
  Account: [{ Id: account, Name: 'Acme', CreatedDate }],
  Contact: [1, 2, 3].map((n) => ({ Id: sfId('003', n), LastName: `Contact ${n}`, AccountId: account, CreatedDate })),
  Lead: [{ Id: lead, LastName: 'Boxer', Company: 'Acme', CreatedDate, ...leadCells }],
}); // prettier-ignore
const campaigns = (cells: Cells = {}) => [{ Id: campaign, Name: 'Fair', CreatedDate, ...cells }];
const member = (n: number, cells: Cells = {}) => ({
  ...{ Id: sfId('00v', n), CampaignId: campaign, LeadId: '', ContactId: '', Status: 'Sent', CreatedDate },
  ...cells,
});
const converted = { IsConverted: 'TRUE', ConvertedDate: '2026-02-10', ConvertedAccountId: account, ConvertedContactId: contact, Status: 'Closed - Converted' }; // prettier-ignore

const members = () =>
  select(
    world,
    organization,
    `select m.external_id as id, c.name as campaign, l.last_name as lead, p.last_name as contact, m.status,
        m.responded_at as responded, m.created_at as created
      from campaign_member m join campaign c on c.organization_id = $org and c.id = m.campaign_id
      left join lead l on l.organization_id = $org and l.id = m.lead_id
      left join contact p on p.organization_id = $org and p.id = m.contact_id
      where m.organization_id = $org order by m.external_id`,
  );
const roles = () =>
  select(
    world,
    organization,
    `select c.last_name as contact, r.role, r.is_primary as primary, r.external_id as id
      from opportunity_contact_role r join contact c on c.organization_id = $org and c.id = r.contact_id
      where r.organization_id = $org order by c.last_name`,
  );
async function idOf(
  table: string,
  type: 'Lead' | 'Contact' | 'Opportunity' | 'CampaignMember',
): Promise<string> {
  const [row] = await rowsOf(world, organization, table, 'id');
  return encodeId(type, (row as Data)['id']);
}
/** Imports again, and nothing at all is different. */
async function expectSettled(tables: Record<string, Cells[]>) {
  const before = await dump(world, organization);
  const again = await load(tables);
  expect(await dump(world, organization)).toEqual(before);
  return again;
}

describe('campaigns', () => {
  test('come with all that is known of them, once', async () => {
    const tables = {
      Campaign: campaigns({
        ...{ Type: 'Trade Show', Status: 'Completed', IsActive: 'TRUE', Description: 'Hall 3', OwnerId: sfId('005', 1) },
        ...{ StartDate: '2026-05-04', EndDate: '5/6/2026', BudgetedCost: '1,200', ActualCost: '1199.995', CurrencyIsoCode: 'USD' },
      }),
    }; // prettier-ignore
    const { types } = await load(tables);
    expect(types.campaigns).toEqual({ created: 1, updated: 0, unchanged: 0, rejected: 0 });
    const columns = `name, name_key, type, type_key, status, is_active, start_date::text as starts, end_date::text as ends, description,
      budgeted_cost, budgeted_cost_currency, actual_cost, actual_cost_currency, created_at, owner_id is not null as owned, version`;
    expect(await rowsOf(world, organization, 'campaign', columns)).toEqual([
      {
        ...{
          name: 'Fair',
          name_key: 'fair',
          type: 'Trade Show',
          type_key: 'trade show',
          status: 'Completed',
        },
        ...{ is_active: true, starts: '2026-05-04', ends: '2026-05-06', description: 'Hall 3', owned: true },
        ...{ budgeted_cost: '120000', budgeted_cost_currency: 'USD', actual_cost: '120000' },
        ...{ actual_cost_currency: 'USD', created_at: '2026-02-01T10:00:00.000Z', version: 1 },
      },
    ]);
    expect((await expectSettled(tables)).types.campaigns.unchanged).toBe(1);
  });

  test('are brought up to the file: a blank empties, an absent column leaves; costs keep no currency of their own', async () => {
    await load({ Campaign: campaigns({ Type: 'Fair', ActualCost: '5', Description: 'Old' }) });
    const { types } = await load({ Campaign: campaigns({ Type: '', ActualCost: '', Name: 'Fair 2' }) });
    expect(types.campaigns.updated).toBe(1);
    const columns = 'name_key, type_key, actual_cost, actual_cost_currency, description, is_active, version';
    expect(await rowsOf(world, organization, 'campaign', columns)).toEqual([
      ...[{ name_key: 'fair 2', type_key: null, actual_cost: null, actual_cost_currency: null }],
    ].map((row) => ({ ...row, description: 'Old', is_active: true, version: 2 }))); // prettier-ignore
  });

  test('alone are a folder to import; a bad row is reported', async () => {
    const bad = { Id: sfId('701', 2), Name: 'Bad', StartDate: '2026-02-30' };
    const { rejected, types } = await load({ Campaign: [...campaigns(), bad] });
    expect(types.campaigns).toMatchObject({ created: 1, rejected: 1 });
    expect(rejected).toMatchObject([{ file: 'Campaign.csv', line: 3, column: 'StartDate' }]);
  });

  test('are the primary ones of leads and deals; one that is nowhere is noted and leaves what is known', async () => {
    const tables = (id: string) => ({
      Campaign: campaigns(),
      Lead: [{ Id: lead, LastName: 'Boxer', CampaignId: id, CreatedDate }],
      Opportunity: [{ Id: deal, Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-31', CampaignId: id, CreatedDate }],
    }); // prettier-ignore
    await load(tables(campaign));
    const named = `select c.external_id as id from campaign c where c.organization_id = $org and c.id =`;
    const primaries = async () => [
      ...(await select(world, organization, `${named} any(select campaign_id from lead where organization_id = $org)`)),
      ...(await select(world, organization, `${named} any(select campaign_id from opportunity where organization_id = $org)`)),
    ]; // prettier-ignore
    expect(await primaries()).toEqual([{ id: campaign }, { id: campaign }]);
    await expectSettled(tables(campaign));
    const { notes, rejectedTotal } = await load(tables(sfId('701', 9)));
    expect(rejectedTotal).toBe(0);
    expect(notes).toContain('2 primary campaigns (CampaignId) are neither in Campaign.csv nor imported before and were left out'); // prettier-ignore
    await load(tables(''));
    expect(await primaries()).toEqual([{ id: campaign }, { id: campaign }]);
  });
});

describe('members', () => {
  test('are leads and contacts, with status and response', async () => {
    const tables = {
      ...people(),
      Campaign: campaigns(),
      CampaignMember: [
        member(1, { LeadId: lead, HasResponded: 'TRUE', FirstRespondedDate: '2026-02-03' }),
        member(2, { ContactId: contact, HasResponded: 'TRUE', LastModifiedDate: '2026-02-04T08:00:00Z' }),
        member(3, { ContactId: sfId('003', 2), HasResponded: 'FALSE', FirstRespondedDate: '', Status: '' }),
      ],
    };
    const { types } = await load(tables);
    expect(types.campaignMembers).toEqual({ created: 3, updated: 0, unchanged: 0, rejected: 0 });
    const created = '2026-02-01T10:00:00.000Z';
    expect(await members()).toEqual([
      { id: sfId('00v', 1), campaign: 'Fair', lead: 'Boxer', contact: null, status: 'Sent', responded: '2026-02-02T23:00:00.000Z', created },
      { id: sfId('00v', 2), campaign: 'Fair', lead: null, contact: 'Contact 1', status: 'Sent', responded: '2026-02-04T08:00:00.000Z', created },
      { id: sfId('00v', 3), campaign: 'Fair', lead: null, contact: 'Contact 2', status: null, responded: null, created },
    ]); // prettier-ignore
    expect((await expectSettled(tables)).types.campaignMembers.unchanged).toBe(3);
    tables.CampaignMember[0]!.Status = 'Attended';
    expect((await load(tables)).types.campaignMembers).toMatchObject({ updated: 1, unchanged: 2 });
    expect((await members())[0]).toMatchObject({ status: 'Attended' });
  });

  test('that name nobody, or nobody we have, are reported; the others go in', async () => {
    const { rejected, types } = await load({
      ...people(),
      Campaign: campaigns(),
      CampaignMember: [
        member(1),
        member(2, { LeadId: sfId('00Q', 9) }),
        member(3, { ContactId: sfId('003', 9) }),
        member(4, { LeadId: lead, CampaignId: sfId('701', 9) }),
        member(5, { LeadId: lead }),
      ],
    });
    expect(rejected.map(({ line, column }) => [line, column])).toEqual([[2, 'LeadId'], [3, 'LeadId'], [4, 'ContactId'], [5, 'CampaignId']]); // prettier-ignore
    expect(types.campaignMembers).toMatchObject({ created: 1, rejected: 4 });
  });

  test('of a converted lead are its contact, whatever the row names', async () => {
    const tables = {
      ...people(converted),
      Campaign: [...campaigns(), { Id: sfId('701', 2), Name: 'Webinar', CreatedDate }],
      CampaignMember: [
        member(1, { LeadId: lead }),
        member(2, { LeadId: lead, ContactId: contact, CampaignId: sfId('701', 2) }),
      ],
    };
    await load(tables);
    expect(await members()).toMatchObject([
      { campaign: 'Fair', lead: null, contact: 'Contact 1' },
      { campaign: 'Webinar', lead: null, contact: 'Contact 1' },
    ]);
    await expectSettled(tables);
  });

  test('two rows of one person in one campaign are one, with the earlier response', async () => {
    const tables = {
      ...people(converted),
      Campaign: campaigns(),
      CampaignMember: [
        member(1, { ContactId: contact, FirstRespondedDate: '2026-02-05' }),
        member(2, { LeadId: lead, FirstRespondedDate: '2026-02-03' }),
      ],
    };
    const { types, notes } = await load(tables);
    expect(types.campaignMembers).toMatchObject({ created: 1, unchanged: 1 });
    expect(notes).toContain('1 rows of CampaignMember.csv are about a person who is in the campaign by another row, and were put together with it'); // prettier-ignore
    expect(await members()).toMatchObject([{ id: sfId('00v', 1), responded: '2026-02-02T23:00:00.000Z' }]);
    await expectSettled(tables);
  });

  test('a lead that Salesforce converted meanwhile takes its memberships and activities along', async () => {
    const tables = (cells: Cells) => ({
      ...people(cells),
      Campaign: campaigns(),
      CampaignMember: [member(1, { LeadId: lead, FirstRespondedDate: '2026-02-03' })],
      Task: [{ Id: sfId('00T', 1), WhoId: lead, WhatId: '', Status: 'Completed', ActivityDate: '2026-02-02', CreatedDate }],
    }); // prettier-ignore
    await load(tables({}));
    expect(await members()).toMatchObject([{ lead: 'Boxer', contact: null }]);
    // without the files of what it has: that goes along all the same
    await load(people(converted));
    expect(await members()).toMatchObject([{ lead: null, contact: 'Contact 1', status: 'Sent' }]);
    const links = 'lead_id is not null as lead, contact_id is not null as contact, account_id is not null as account'; // prettier-ignore
    expect(await rowsOf(world, organization, 'activity', links)).toEqual([
      { lead: true, contact: true, account: true },
    ]);
    await expectSettled(tables(converted));
  });

  test('a lead that Kontor converted stays its contact here; the import disturbs no undoing', async () => {
    const tables = {
      ...people(),
      Campaign: campaigns(),
      CampaignMember: [member(1, { LeadId: lead })],
      Task: [{ Id: sfId('00T', 1), WhoId: lead, WhatId: '', Status: 'Completed', ActivityDate: '2026-02-02', CreatedDate }],
    }; // prettier-ignore
    await load(tables);
    const target = { account: { create: { name: 'New Ltd' } }, allowDuplicate: true };
    const { conversion, userErrors } = await mutate(
      admin,
      'convertLead',
      { lead: await idOf('lead', 'Lead'), ...target },
      'conversion { id }',
    );
    expect(userErrors).toEqual([]);
    await expectSettled(tables);
    const reverted = await mutate(admin, 'revertConversion', { conversion: conversion.id }, 'lead { id }');
    expect(reverted.userErrors).toEqual([]);
    expect(await members()).toMatchObject([{ lead: 'Boxer', contact: null }]);
    await expectSettled(tables);
  });

  test('rows that name each other’s people now are all there, each once', async () => {
    const who = (n: number, m: number) => member(n, { ContactId: sfId('003', m) });
    await load({ ...people(), Campaign: campaigns(), CampaignMember: [who(1, 1)] });
    const tables = { ...people(), Campaign: campaigns(), CampaignMember: [who(1, 2), who(2, 1)] };
    await load(tables);
    expect((await members()).map((row) => row['contact']).sort()).toEqual(['Contact 1', 'Contact 2']);
    await expectSettled(tables);
  });

  test('who was in the campaign before, or was taken out of it in Kontor, stays so', async () => {
    const tables = { ...people(), Campaign: campaigns(), CampaignMember: [member(1, { LeadId: lead })] };
    await load(tables);
    await mutate(admin, 'removeCampaignMember', { member: await idOf('campaign_member', 'CampaignMember') }, 'campaign { id }'); // prettier-ignore
    const { types } = await expectSettled(tables);
    expect(types.campaignMembers).toEqual({ created: 0, updated: 0, unchanged: 0, rejected: 0, skippedDeleted: 1 }); // prettier-ignore
    const [row] = await rowsOf(world, organization, 'campaign', 'id');
    const input = { campaign: encodeId('Campaign', (row as Data)['id']), people: [{ lead: await idOf('lead', 'Lead'), status: 'Ours' }] }; // prettier-ignore
    await mutate(admin, 'addCampaignMembers', input, 'members { id }');
    const again = { ...tables, CampaignMember: [member(2, { LeadId: lead, Status: 'Theirs' })] };
    expect((await load(again)).types.campaignMembers).toMatchObject({ created: 0, updated: 1 });
    expect(await members()).toMatchObject([{ id: sfId('00v', 2), status: 'Theirs' }]);
  });
});

describe('contact roles', () => {
  const opportunity = [{ Id: deal, Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-31', AccountId: account, CreatedDate }]; // prettier-ignore
  const role = (n: number, cells: Cells = {}) => ({
    ...{ Id: sfId('00K', n), OpportunityId: deal, ContactId: sfId('003', n), Role: '', IsPrimary: '', CreatedDate, ...cells },
  }); // prettier-ignore
  const tablesWith = (...rows: Cells[]) => ({ ...people(), Opportunity: opportunity, OpportunityContactRole: rows }); // prettier-ignore

  test('have their part in the deal, and labels of the own organisation are told', async () => {
    const tables = tablesWith(
      role(1, { Role: 'Economic Buyer', IsPrimary: 'TRUE' }),
      role(2, { Role: 'Gatekeeper' }),
      role(3),
    );
    const { types, notes } = await load(tables);
    expect(types.contactRoles).toEqual({ created: 3, updated: 0, unchanged: 0, rejected: 0 });
    expect(notes).toContain('1 contacts have the role "Gatekeeper", which Kontor keeps as OTHER');
    expect(await roles()).toEqual([
      { contact: 'Contact 1', role: 'ECONOMIC_BUYER', primary: true, id: sfId('00K', 1) },
      { contact: 'Contact 2', role: 'OTHER', primary: false, id: sfId('00K', 2) },
      { contact: 'Contact 3', role: null, primary: false, id: sfId('00K', 3) },
    ]);
    await expectSettled(tables);
  });

  test.each([
    ['Business User', 'USER'],
    ['Decision Maker', 'DECISION_MAKER'],
    ['Economic Decision Maker', 'ECONOMIC_BUYER'],
    ['Evaluator', 'TECHNICAL_BUYER'],
    ['Executive Sponsor', 'CHAMPION'],
    ['influencer', 'INFLUENCER'],
    ['Technical Buyer', 'TECHNICAL_BUYER'],
    ['Other', 'OTHER'],
    ['constructor', 'OTHER'],
  ])('%s is %s', async (label, expected) => {
    await load(tablesWith(role(1, { Role: label })));
    expect(await roles()).toMatchObject([{ role: expected }]);
  });

  test('the main contact of the file takes the place of ours; without one ours stays; of two the first counts', async () => {
    await load(tablesWith(role(1, { IsPrimary: 'TRUE', Role: 'User' }), role(2)));
    const { types } = await load(tablesWith(role(1), role(2, { IsPrimary: 'TRUE' })));
    expect(types.contactRoles).toMatchObject({ updated: 2 });
    const main = async () => (await roles()).filter((one) => one['primary']).map((one) => one['contact']);
    expect(await main()).toEqual(['Contact 2']);
    expect((await roles())[0]).toMatchObject({ role: 'USER' });
    await load(tablesWith(role(1), role(2)));
    expect(await main()).toEqual(['Contact 2']);
    const two = tablesWith(role(3, { IsPrimary: 'TRUE' }), role(1, { IsPrimary: 'TRUE' }));
    expect((await load(two)).notes).toContain('1 rows of OpportunityContactRole.csv name a second main contact of a deal, which has one'); // prettier-ignore
    expect(await main()).toEqual(['Contact 3']);
    await expectSettled(two);
  });

  test('what a conversion had put on the deal is the row that names the same contact', async () => {
    const tables = {
      ...people({ ...converted, ConvertedOpportunityId: deal }),
      ...{ Opportunity: opportunity, OpportunityContactRole: [role(1, { Role: 'User' })] },
    };
    await load(tables);
    expect(await roles()).toEqual([
      { contact: 'Contact 1', role: 'USER', primary: true, id: sfId('00K', 1) },
    ]);
    await expectSettled(tables);
  });

  test('a row that names another contact now moves; one that names nobody we have is reported', async () => {
    await load(tablesWith(role(1, { Role: 'User' })));
    await load(tablesWith(role(1, { ContactId: sfId('003', 2) })));
    expect(await roles()).toMatchObject([{ contact: 'Contact 2', role: 'USER' }]);
    const { rejected } = await load(tablesWith(role(4), role(2, { OpportunityId: sfId('006', 9) }), role(3, { ContactId: '' }))); // prettier-ignore
    expect(rejected.map(({ line, column }) => [line, column]).sort()).toEqual([[2, 'ContactId'], [3, 'OpportunityId'], [4, 'ContactId']]); // prettier-ignore
  });

  test('rows that name each other’s contacts now are all there, each once', async () => {
    await load(tablesWith(role(1, { Role: 'User' })));
    const tables = tablesWith(role(1, { ContactId: sfId('003', 2) }), role(2, { ContactId: contact, Role: 'User' })); // prettier-ignore
    await load(tables);
    expect((await roles()).map((row) => row['contact'])).toEqual(['Contact 1', 'Contact 2']);
    await expectSettled(tables);
  });

  test('a part that was ended in Kontor stays so', async () => {
    const tables = tablesWith(role(1), role(2));
    await load(tables);
    const [row] = await select(world, organization, `select id from contact where organization_id = $org and external_id = '${contact}'`); // prettier-ignore
    const input = { opportunity: await idOf('opportunity', 'Opportunity'), contact: encodeId('Contact', (row as Data)['id']) }; // prettier-ignore
    expect((await mutate(admin, 'removeOpportunityContact', input, 'opportunity { id }')).userErrors).toEqual([]); // prettier-ignore
    await expectSettled(tables);
    expect(await roles()).toMatchObject([{ contact: 'Contact 2' }]);
  });

  test('a file of roles rewrites no history, nor does a change of a role here keep a history file out', async () => {
    await load(tablesWith(role(1)));
    const [row] = await rowsOf(world, organization, 'contact', 'id');
    const input = { opportunity: await idOf('opportunity', 'Opportunity'), contact: encodeId('Contact', (row as Data)['id']), role: 'USER' }; // prettier-ignore
    await mutate(admin, 'addOpportunityContact', input, 'opportunity { id }');
    const history = [
      { Id: sfId('008', 1), OpportunityId: deal, CreatedDate, StageName: 'Qualification', CloseDate: '2026-12-01' },
      { Id: sfId('008', 2), OpportunityId: deal, CreatedDate: '2026-02-05', StageName: 'Prospecting', CloseDate: '2026-12-31' },
    ]; // prettier-ignore
    const { types } = await load({ ...tablesWith(role(1)), OpportunityHistory: history });
    expect(types.opportunityHistory).toMatchObject({ updated: 2 });
  });
});
