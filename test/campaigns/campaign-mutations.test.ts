import { Role } from '../../src/identity/identity.enums.ts';
import type { Data } from '../support/graphql.ts';
import { auditOf, failure, mutate, storedRow } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';
import { type Marketing, marketing } from './marketing.ts';

const CAMPAIGN = `campaign { id name type status isActive startDate endDate budgetedCost { amount currency }
  actualCost { amount currency } description externalId version owner { id } createdAt updatedAt }`;

let world: World;
let at: Marketing;
beforeAll(async () => {
  world = await openWorld();
  at = await marketing(world);
});
afterAll(() => world.close());

const create = (input: Data) => mutate(at.marketer, 'createCampaign', { name: 'Fair', ...input }, CAMPAIGN);
const update = (campaign: string, input: Data) =>
  mutate(at.marketer, 'updateCampaign', { campaign, ...input }, CAMPAIGN);

test('a campaign is made with all that is known of it, by its maker, and found by id and external id', async () => {
  const input = {
    ...{ name: '  Hamburg Fair ', type: 'Trade Show', status: 'Planned', isActive: false },
    ...{ startDate: '2026-05-04', endDate: '2026-05-06', description: 'Hall 3', externalId: 'ext-1' },
    budgetedCost: { amount: '12000' },
    actualCost: { amount: '11999.99', currency: 'USD' },
  };
  const { campaign, userErrors } = await create(input);
  expect(userErrors).toEqual([]);
  expect(campaign).toMatchObject({
    ...{ ...input, name: 'Hamburg Fair', version: 1 },
    budgetedCost: { amount: '12000.00', currency: 'EUR' },
    actualCost: { amount: '11999.99', currency: 'USD' },
    owner: { id: expect.stringMatching(/^usr_/) },
  });
  expect(campaign.id).toMatch(/^cmp_/);
  expect(await storedRow(world, at.tenant, 'campaign', campaign.id)).toMatchObject({
    name_key: 'hamburg fair',
    type_key: 'trade show',
    actual_cost: '1199999',
  });
  const found = await at.ask(
    `query ($id: ID!) { campaign(by: { externalId: "ext-1" }) { id } node(id: $id) { ... on Campaign { name } }
      byId: campaign(by: { id: $id }) { name } }`,
    { id: campaign.id },
  );
  expect(found).toEqual({
    campaign: { id: campaign.id },
    node: { name: 'Hamburg Fair' },
    byId: { name: 'Hamburg Fair' },
  });
});

test('a campaign with a name only is active, without dates and costs', async () => {
  const { campaign } = await create({ owner: null });
  expect(campaign).toMatchObject({
    ...{ type: null, status: null, isActive: true, startDate: null, endDate: null, description: null },
    ...{ budgetedCost: null, actualCost: null, externalId: null, owner: null },
  });
});

test('what is given changes, the rest stays; the same again is no change', async () => {
  const { campaign } = await create({ type: 'Webinar', actualCost: { amount: '5' } });
  const changed = await update(campaign.id, {
    name: 'Fair 2',
    type: null,
    actualCost: null,
    isActive: false,
  });
  expect(changed.campaign).toMatchObject({
    ...{ name: 'Fair 2', type: null, actualCost: null, isActive: false, version: 2 },
    owner: campaign.owner,
  });
  const again = await update(campaign.id, { name: 'Fair 2', type: null });
  expect(again.campaign).toEqual(changed.campaign);
  expect(await auditOf(world, at.tenant, campaign.id)).toMatchObject([
    { action: 'createCampaign', recordType: 'Campaign', actorKind: 'PERSON', after: { name: 'Fair' } },
    {
      action: 'updateCampaign',
      before: { name: 'Fair', type: 'Webinar', actualCost: '500', actualCostCurrency: 'EUR', isActive: true },
      after: { name: 'Fair 2', type: null, actualCost: null, actualCostCurrency: null, isActive: false },
    },
  ]);
});

test.each([
  [{ name: ' ' }, ['name']],
  [{ name: 'x'.repeat(256) }, ['name']],
  [{ name: 'a\0b' }, ['name']],
  [{ type: 'x'.repeat(256) }, ['type']],
  [{ isActive: null }, ['isActive']],
  [{ startDate: '1899-12-31' }, ['startDate']],
  [{ endDate: '2201-01-01' }, ['endDate']],
  [{ startDate: '2026-05-02', endDate: '2026-05-01' }, ['endDate']],
  [{ actualCost: { amount: '-1' } }, ['actualCost', 'amount']],
  [{ budgetedCost: { amount: '1.234' } }, ['budgetedCost', 'amount']],
  [{ budgetedCost: { amount: '1', currency: 'XXQ' } }, ['budgetedCost', 'currency']],
  [{ owner: 'usr_01h455vb4pex5vsknk084sn02q' }, ['owner']],
  [{ owner: 'nobody' }, ['owner']],
])('%j is refused, with its path', async (input, path) => {
  const { campaign, userErrors } = await create(input);
  expect(campaign).toBeNull();
  expect(userErrors).toMatchObject([{ path }]);
});

test('dates are held against each other also when only one of them changes', async () => {
  const { campaign } = await create({ startDate: '2026-05-02', endDate: '2026-05-03' });
  expect((await update(campaign.id, { endDate: '2026-05-01' })).userErrors).toMatchObject([
    { path: ['endDate'] },
  ]);
  expect((await update(campaign.id, { startDate: '2026-05-04' })).userErrors).toMatchObject([
    { path: ['startDate'] },
  ]);
  expect((await update(campaign.id, { startDate: '2026-05-04', endDate: null })).userErrors).toEqual([]);
});

test('a campaign that changed since is STALE_VERSION, one that is not there NOT_FOUND, an external id belongs to one', async () => {
  const { campaign } = await create({ externalId: 'once' });
  expect((await update(campaign.id, { ifVersion: 7, name: 'No' })).userErrors).toMatchObject([
    { code: 'STALE_VERSION', current: 1 },
  ]);
  expect((await update('cmp_01h455vb4pex5vsknk084sn02q', { name: 'No' })).userErrors).toMatchObject([
    { code: 'NOT_FOUND', path: ['campaign'] },
  ]);
  expect((await update('acc_01h455vb4pex5vsknk084sn02q', {})).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['campaign'] },
  ]);
  expect((await create({ externalId: 'once' })).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['externalId'] },
  ]);
});

test('the same key and input again do nothing and answer the same; another input is refused', async () => {
  const input = { name: 'Repeated', idempotencyKey: 'c-1' };
  const first = await create(input);
  expect(await create(input)).toEqual(first);
  expect((await create({ ...input, name: 'Else' })).userErrors).toMatchObject([
    { code: 'IDEMPOTENCY_KEY_REUSED' },
  ]);
  expect(await auditOf(world, at.tenant, first.campaign.id)).toHaveLength(1);
});

test('marketers, programs and administrators write campaigns; others are FORBIDDEN', async () => {
  for (const role of [Role.SDR, Role.AE, Role.ANALYST])
    expect(await failure(await at.as(role), 'createCampaign', { name: 'No' }, CAMPAIGN)).toBe('FORBIDDEN');
  for (const role of [Role.ADMIN, Role.SERVICE])
    expect((await mutate(await at.as(role), 'createCampaign', { name: 'Yes' }, CAMPAIGN)).userErrors).toEqual(
      [],
    );
});

test("another organisation's campaign is nobody's here", async () => {
  const other = await marketing(world);
  const theirs = await other.campaign();
  expect((await update(theirs, { name: 'Ours' })).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  const lead = { lastName: 'Boxer', campaign: theirs };
  expect((await mutate(at.admin, 'createLead', lead, 'lead { id }')).userErrors).toMatchObject([
    { code: 'NOT_FOUND', path: ['campaign'] },
  ]);
  expect((await at.tryAdd(theirs, [{ lead: await at.lead() }])).userErrors).toMatchObject([
    { code: 'NOT_FOUND', path: ['campaign'] },
  ]);
});

describe('the primary campaign', () => {
  const query = `query ($lead: ID!, $deal: ID!, $campaign: ID!) {
    lead(by: { id: $lead }) { campaign { id } } opportunity(by: { id: $deal }) { campaign { id } }
    campaign(by: { id: $campaign }) { opportunities { totalCount nodes { id } } }
    leads(filter: { campaign: { eq: $campaign } }) { totalCount } opportunities(filter: { campaign: { in: [$campaign] } }) { totalCount } }`;

  test('is set with a lead or a deal, changed, emptied, and found from the campaign', async () => {
    const campaign = await at.campaign('Primary');
    const [lead, deal] = [await at.lead({ campaign }), await at.deal('Deal', { campaign })];
    const variables = { lead, deal, campaign };
    expect(await at.ask(query, variables)).toEqual({
      ...{ lead: { campaign: { id: campaign } }, opportunity: { campaign: { id: campaign } } },
      ...{ campaign: { opportunities: { totalCount: 1, nodes: [{ id: deal }] } } },
      ...{ leads: { totalCount: 1 }, opportunities: { totalCount: 1 } },
    });
    await at.done(at.admin, 'updateLead', { lead, lastName: 'Renamed' }, 'lead { id }');
    await at.done(
      at.admin,
      'updateOpportunity',
      { opportunity: deal, name: 'Renamed' },
      'opportunity { id }',
    );
    expect((await at.ask(query, variables)).opportunity).toEqual({ campaign: { id: campaign } });
    await at.done(at.admin, 'updateLead', { lead, campaign: null }, 'lead { id }');
    await at.done(at.admin, 'updateOpportunity', { opportunity: deal, campaign: null }, 'opportunity { id }');
    expect(await at.ask(query, variables)).toMatchObject({
      ...{ lead: { campaign: null }, opportunity: { campaign: null } },
      ...{ leads: { totalCount: 0 }, opportunities: { totalCount: 0 } },
    });
  });

  test('is one of each lead of a batch, and refused at the lead it is wrong with', async () => {
    const campaign = await at.campaign('Batch');
    const item = (fields: Data) => ({ input: { lastName: 'Batch', ...fields } });
    const items = [item({ campaign }), item({ campaign: 'nonsense' }), item({})];
    const { results } = await mutate(
      at.admin,
      'createLeads',
      { items, mode: 'PER_RECORD' },
      'results { payload { lead { campaign { id } } userErrors { code path } } }',
    );
    expect(results.map(({ payload }: Data) => payload)).toMatchObject([
      { lead: { campaign: { id: campaign } } },
      { userErrors: [{ code: 'INVALID_INPUT', path: ['items', '1', 'input', 'campaign'] }] },
      { lead: { campaign: null } },
    ]);
  });
});

test('afterwards every invariant holds', async () => expect(await at.violations()).toEqual([]));
