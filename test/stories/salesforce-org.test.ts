import { post } from '../support/server.ts';
import { type Home, openHome, type Running } from '../support/processes.ts';
import { realExports, whereRealExports } from '../support/real-exports.ts';
import { ConvertLeadDocument, type ConvertLeadMutation } from '../../schema/generated/graphql.ts';

whereRealExports('a Salesforce org moves in (real export; skipped where ../shared is absent)', () => {
  let home: Home;
  let server: Running;
  let token: string;
  let organization: string;

  beforeAll(async () => {
    home = await openHome();
    server = await home.start('--empty');
    ({ token, organization } = await home.json('token', '--role', 'SDR'));
  });
  afterAll(() => home.remove());

  const ask = async (query: string, variables?: object, bearer = token) => {
    const answer = await post(server.url, bearer, { query, variables });
    expect(answer.errors).toBeUndefined();
    return answer.data!;
  };
  const importExport = (dir: string, ...args: string[]) =>
    home.json('import', 'salesforce', '--dir', dir, ...args);

  const COUNTS = `{
    accounts(first: 0) { totalCount } contacts(first: 0) { totalCount } opportunities(first: 0) { totalCount }
    leads(first: 0) { totalCount } converted: leads(first: 100, filter: { isConverted: true }) { totalCount nodes {
      conversion { account { name } contact { lastName } opportunity { name } } } }
    conversions(first: 0) { totalCount }
    metrics { weightedPipeline { count amount { amount } amountMissing } won { count amount { amount } } lost { count } winRate { value } } }`;

  test('the token says its organisation', () => {
    expect(organization).toMatch(/^org_[0-9a-z]{26}$/);
  });

  test('everything is there: 18 accounts, 25 contacts, 36 opportunities, 22 leads of which 5 converted', async () => {
    const result = await importExport(realExports.devorg);
    expect(result.types.accounts).toMatchObject({ created: 18, rejected: 0 });
    const data = await ask(COUNTS);
    expect(data.accounts.totalCount).toBe(18);
    expect(data.contacts.totalCount).toBe(25);
    expect(data.opportunities.totalCount).toBe(36);
    expect(data.leads.totalCount).toBe(22);
    expect(data.converted.totalCount).toBe(5);
    expect(data.conversions.totalCount).toBe(5);
    for (const { conversion } of data.converted.nodes) {
      expect(conversion).toEqual({
        account: { name: expect.any(String) },
        contact: { lastName: expect.any(String) },
        opportunity: { name: expect.any(String) },
      });
    }
    expect(data.metrics.weightedPipeline).toEqual({
      count: 16,
      amount: { amount: '1094500.00' },
      amountMissing: 3,
    });
    expect(data.metrics.won).toEqual({ count: 12, amount: { amount: '2815000.00' } });
    expect(data.metrics.lost).toEqual({ count: 8 });
    expect(data.metrics.winRate).toEqual({ value: 0.6 });
  });

  test('importing again changes nothing', async () => {
    const before = await ask(COUNTS);
    const { types } = await importExport(realExports.devorg);
    for (const [type, counts] of Object.entries(types)) {
      expect([type, counts]).toEqual([
        type,
        expect.objectContaining({ created: 0, updated: 0, rejected: 0 }),
      ]);
    }
    expect(await ask(COUNTS)).toEqual(before);
  });

  test('converting an open lead with defaults gives what Salesforce gave for its own', async () => {
    const { leads } = await ask(
      `{ leads(filter: { name: { eq: "Patricia Feager" } }) { nodes { id isConverted company } } }`,
    );
    const [lead] = leads.nodes;
    expect(lead).toMatchObject({ isConverted: false, company: 'International Shipping Co.' });
    const today = new Date();
    const endOfQuarter = new Date(
      Date.UTC(today.getUTCFullYear(), (Math.floor(today.getUTCMonth() / 3) + 1) * 3, 0),
    );

    const variables = { input: { lead: lead.id, idempotencyKey: 'story' } };
    const { convertLead } = (await ask(ConvertLeadDocument.toString(), variables)) as ConvertLeadMutation;
    expect(convertLead).toMatchObject({
      userErrors: [],
      account: { name: 'International Shipping Co.' },
      contact: { firstName: 'Patricia', lastName: 'Feager' },
      opportunity: {
        name: 'International Shipping Co.-',
        stage: { name: 'Prospecting' },
        amount: null,
        closeDate: endOfQuarter.toISOString().slice(0, 10),
      },
      conversion: { accountOutcome: 'CREATED', contactOutcome: 'CREATED', opportunityOutcome: 'CREATED' },
    });

    const again = (await ask(ConvertLeadDocument.toString(), variables)) as ConvertLeadMutation;
    expect(again.convertLead.conversion).toEqual(convertLead.conversion);

    const { contact } = await ask(
      `query ($id: ID!) { contact(by: { id: $id }) { title phone email source account { name }
        opportunities { nodes { name contactRoles { isPrimary contact { lastName } } } } } }`,
      { id: convertLead.contact!.id },
    );
    expect(contact).toEqual({
      title: 'CEO',
      phone: '(336) 777-1970',
      email: 'patricia_feager@is.com',
      source: 'Partner Referral',
      account: { name: 'International Shipping Co.' },
      opportunities: {
        nodes: [
          {
            name: 'International Shipping Co.-',
            contactRoles: [{ isPrimary: true, contact: { lastName: 'Feager' } }],
          },
        ],
      },
    });
  });

  test('an import never touches a lead converted here', async () => {
    const { types } = await importExport(realExports.devorg);
    expect(types.leads).toMatchObject({ created: 0, updated: 0 });
    const { leads } = await ask(`{ leads(filter: { isConverted: true }, first: 0) { totalCount } }`);
    expect(leads.totalCount).toBe(6);
  });

  test('another org moves into an organisation of its own, and neither sees the other', async () => {
    await home.json(
      'organization',
      'create',
      'Assets',
      '--currency',
      'USD',
      '--time-zone',
      'America/New_York',
    );
    const { types, rejected } = await importExport(realExports.sfdcassets, '--organization', 'Assets');
    expect(rejected).toEqual([]);
    expect(types.accounts.created).toBe(94);
    expect(types.contacts.created).toBe(64);
    expect(types.leads.created).toBe(14);
    expect(types.opportunities.created).toBe(58);
    const assets = (await home.json('token', '--role', 'ANALYST', '--organization', 'Assets'))
      .token as string;
    expect((await ask('{ accounts(first: 0) { totalCount } }', {}, assets)).accounts.totalCount).toBe(94);
    expect((await ask('{ accounts(first: 0) { totalCount } }')).accounts.totalCount).toBe(19);
  });

  test('kill -9 loses nothing, and every invariant holds', async () => {
    const before = await ask(COUNTS);
    await server.stop('SIGKILL');
    server = await home.start();
    expect(await ask(COUNTS)).toEqual(before);
    expect(await home.kontor('check')).toMatchObject({ code: 0, stderr: '' });
  });
});
