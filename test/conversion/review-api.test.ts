import sql from 'sql-template-tag';
import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { type Client, startTestServer, type TestServer } from '../support/server.ts';
import { openWorld, type World } from '../support/world.ts';
import { approved, person, propose, proposedAt, reject } from './review-sales.ts';
import { Sales } from './sales.ts';

let world: World;
let server: TestServer;
let sales: Sales;
let agent: Client;
let client: Client;
beforeAll(async () => {
  world = await openWorld();
  server = await startTestServer(world);
});
beforeEach(async () => {
  sales = await Sales.open(world);
  agent = await server.client(sales.organization.id, Role.SERVICE);
  client = await server.client(sales.organization.id, Role.ADMIN);
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const PROPOSAL = `id state ageDays proposedAt proposedBy { kind name user { id } } reviewedAt reviewedBy { id } note
  expiredAt expiredBecause lead { id openProposal { id } } conversion { id }
  plan { planToken accountOutcome account { id name } contactOutcome contact { id } opportunityOutcome opportunity { id }
    fields { target field source current next outcome reason } accountCandidates { score record { id } } contactCandidates { score } }`;
const ERRORS = `userErrors { __typename code message path ... on PlanExpiredError { changes }
  ... on ProposalStateError { proposal { id state conversion { id } } conversion { id } } }`;
const PROPOSE = `mutation ($input: ConvertLeadInput!) { proposeConversion(input: $input) { proposal { ${PROPOSAL} } ${ERRORS} } }`;
const APPROVE = `mutation ($input: ReviewConversionInput!) { approveConversion(input: $input) {
  conversion { id convertedBy { id } proposedBy { kind name user { id } } proposal { id state } } lead { id isConverted openProposal { id } }
  account { id } contact { id } opportunity { id } warnings { code } ${ERRORS} } }`;
const REJECT = `mutation ($input: ReviewConversionInput!) { rejectConversion(input: $input) { proposal { ${PROPOSAL} } ${ERRORS} } }`;

const ask = async (as: Client, query: string, input: object) =>
  Object.values(await as.data(query, { input }))[0];

test('a program proposes, and the proposal shows the plan as it was, with the records as they are', async () => {
  const accountId = await sales.account('Acme', { industry: 'Retail' });
  const leadId = await sales.lead({ company: 'Acme', industry: 'Banking', email: 'rose@acme.com' });
  const lead = encodeId('Lead', leadId);
  const { proposal, userErrors } = await ask(agent, PROPOSE, { lead });
  expect(userErrors).toEqual([]);
  expect(proposal).toMatchObject({
    id: expect.stringMatching(/^cpr_/),
    state: 'OPEN',
    ageDays: 0,
    proposedBy: { kind: 'SERVICE', user: null },
    ...{
      reviewedAt: null,
      reviewedBy: null,
      note: null,
      expiredAt: null,
      expiredBecause: null,
      conversion: null,
    },
    lead: { id: lead, openProposal: { id: proposal.id } },
    plan: {
      planToken: expect.any(String),
      accountOutcome: 'MERGED',
      account: { id: encodeId('Account', accountId), name: 'Acme' },
      contactOutcome: 'CREATED',
      contact: null,
      opportunityOutcome: 'CREATED',
      accountCandidates: [{ score: 1, record: { id: encodeId('Account', accountId) } }],
    },
  });
  const { previewLeadConversion } = await client.data(
    `query ($input: ConvertLeadInput!) { previewLeadConversion(input: $input) { plan { fields { target field source current next outcome reason } } } }`,
    { input: { lead } },
  );
  expect(proposal.plan.fields).toEqual(previewLeadConversion.plan.fields);
  // the account is renamed, then removed: what was frozen stays readable
  await world.database.write(sales.admin, (tx) =>
    tx.query(
      sql`update account set name = 'ACME', deleted_at = now() where organization_id = ${sales.organization.id}`,
    ),
  );
  const { node } = await client.data(
    `query ($id: ID!) { node(id: $id) { ... on ConversionProposal { ${PROPOSAL} } } }`,
    {
      id: proposal.id,
    },
  );
  expect(node).toEqual({ ...proposal, plan: { ...proposal.plan, account: null, accountCandidates: [] } });
});

test('the plans of a list are shown whatever else is selected of it', async () => {
  const lead = encodeId('Lead', await sales.lead({ company: 'Acme' }));
  const { proposal } = await ask(agent, PROPOSE, { lead });
  const plan = { accountOutcome: 'CREATED', planToken: proposal.plan.planToken };
  const LIST = '(first: 3) { nodes { plan { accountOutcome planToken } } }';
  const answer = await client.data(
    `query ($lead: ID!) { conversionProposals${LIST} lead(by: { id: $lead }) { proposals${LIST} openProposal { plan { planToken } } } }`,
    { lead },
  );
  expect(answer).toEqual({
    conversionProposals: { nodes: [{ plan }] },
    lead: { proposals: { nodes: [{ plan }] }, openProposal: { plan: { planToken: plan.planToken } } },
  });
});

test("a person converts by a proposal's token exactly what was proposed, and owns what nobody owned", async () => {
  const lead = encodeId('Lead', await sales.lead({ company: 'Acme', ownerId: null }));
  const { proposal } = await ask(agent, PROPOSE, { lead, opportunity: { none: true } });
  const { planToken } = proposal.plan;
  const CONVERT = `mutation ($input: ConvertLeadInput!) { convertLead(input: $input) {
    conversion { convertedBy { id } proposedBy { name } proposal { id } } account { owner { id } } opportunity { id } ${ERRORS} } }`;
  expect(await ask(agent, CONVERT, { lead, planToken })).toMatchObject({
    userErrors: [{ code: 'HUMAN_REVIEW_REQUIRED' }],
  });
  const me = { id: encodeId('User', sales.ownerId) };
  expect(await ask(client, CONVERT, { lead, planToken })).toEqual({
    conversion: { convertedBy: me, proposedBy: null, proposal: null },
    ...{ account: { owner: me }, opportunity: null, userErrors: [] },
  });
  const { node } = await client.data(
    `query ($id: ID!) { node(id: $id) { ... on ConversionProposal { state expiredBecause } } }`,
    { id: proposal.id },
  );
  expect(node).toEqual({ state: 'EXPIRED', expiredBecause: ['lead: converted meanwhile'] });
});

test('a person approves, and the conversion tells who proposed it', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const { proposal } = await ask(agent, PROPOSE, { lead: encodeId('Lead', leadId) });
  const answer = await ask(client, APPROVE, { proposal: proposal.id, note: 'Fine', idempotencyKey: 'k' });
  expect(answer).toMatchObject({
    conversion: {
      convertedBy: { id: encodeId('User', sales.ownerId) },
      proposedBy: { kind: 'SERVICE', name: proposal.proposedBy.name, user: null },
      proposal: { id: proposal.id, state: 'APPROVED' },
    },
    lead: { isConverted: true, openProposal: null },
    account: { id: expect.stringMatching(/^acc_/) },
    warnings: [],
    userErrors: [],
  });
  expect(await ask(client, APPROVE, { proposal: proposal.id, note: 'Fine', idempotencyKey: 'k' })).toEqual(
    answer,
  );
  expect(await ask(client, REJECT, { proposal: proposal.id })).toEqual({
    proposal: null,
    userErrors: [
      {
        ...{ __typename: 'ProposalStateError', code: 'PROPOSAL_NOT_OPEN', path: ['proposal'] },
        message: 'The proposal is approved already',
        proposal: { id: proposal.id, state: 'APPROVED', conversion: { id: answer.conversion.id } },
        conversion: { id: answer.conversion.id },
      },
    ],
  });
  const { conversions } = await client.data('{ conversions { nodes { proposedBy { name } } } }');
  expect(conversions.nodes).toEqual([{ proposedBy: { name: proposal.proposedBy.name } }]);
});

test('who approves what has drifted, or what was converted without the proposal, is told how it is', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const lead = encodeId('Lead', leadId);
  const { proposal } = await ask(agent, PROPOSE, { lead });
  await world.database.write(sales.admin, (tx) =>
    tx.query(sql`update lead set version = 7 where organization_id = ${sales.organization.id}`),
  );
  const nothing = { conversion: null, lead: null, account: null, contact: null, opportunity: null };
  expect(await ask(client, APPROVE, { proposal: proposal.id })).toMatchObject({
    ...nothing,
    userErrors: [
      {
        __typename: 'PlanExpiredError',
        code: 'PLAN_EXPIRED',
        path: ['proposal'],
        changes: ['lead: version 1 → 7'],
      },
    ],
  });
  const { node } = await client.data(
    `query ($id: ID!) { node(id: $id) { ... on ConversionProposal { ${PROPOSAL} } } }`,
    {
      id: proposal.id,
    },
  );
  expect(node).toMatchObject({
    state: 'EXPIRED',
    expiredBecause: ['lead: version 1 → 7'],
    expiredAt: expect.any(String),
    lead: { openProposal: null },
  });
  const again = (await ask(agent, PROPOSE, { lead })).proposal;
  const { conversionId } = await sales.convert(leadId);
  const conversion = { id: encodeId('LeadConversion', conversionId) };
  expect((await ask(client, APPROVE, { proposal: again.id })).userErrors).toMatchObject([
    { code: 'PROPOSAL_NOT_OPEN', proposal: { state: 'EXPIRED', conversion: null }, conversion },
  ]);
});

test('somebody else’s open proposal is named to who comes second; a program may not review', async () => {
  const lead = encodeId('Lead', await sales.lead({ company: 'Acme' }));
  const { proposal } = await ask(agent, PROPOSE, { lead });
  expect((await ask(client, PROPOSE, { lead })).userErrors).toMatchObject([
    {
      ...{ __typename: 'ProposalStateError', code: 'PROPOSAL_OPEN', path: ['lead'] },
      proposal: { id: proposal.id, state: 'OPEN' },
      conversion: null,
    },
  ]);
  for (const query of [APPROVE, REJECT])
    expect((await ask(agent, query, { proposal: proposal.id })).userErrors).toMatchObject([
      { __typename: 'InputError', code: 'HUMAN_REVIEW_REQUIRED' },
    ]);
  const analyst = await server.client(sales.organization.id, Role.ANALYST);
  expect((await analyst.send(PROPOSE, { input: { lead } })).errors).toMatchObject([
    { extensions: { code: 'FORBIDDEN' } },
  ]);
});

test('the list gives those to review by their age, and the others latest first, page by page', async () => {
  const bob = await person(sales, 'Bob');
  const ids: string[] = [];
  for (const [index, as] of [bob, sales.admin, bob, sales.admin, undefined].entries()) {
    ids.push(await propose(sales, await sales.lead({ company: `Company ${index}` }), {}, as));
    await proposedAt(sales, ids[index]!, new Date(Date.UTC(2026, 0, 10 - index)));
  }
  await proposedAt(sales, ids[4]!, new Date(Date.now() - 60 * 3_600_000));
  await reject(sales, ids[1]!);
  const [a, b, c, d, e] = ids.map((id) => encodeId('ConversionProposal', id));
  const list = async (args: string) => {
    const { conversionProposals } = await client.data(
      `{ conversionProposals(${args}) { totalCount nodes { id ageDays } pageInfo { endCursor hasNextPage } } }`,
    );
    return { ...conversionProposals, ids: conversionProposals.nodes.map(({ id }: { id: string }) => id) };
  };
  const open = await list('state: OPEN, first: 3');
  expect(open).toMatchObject({ totalCount: 4, ids: [d, c, a], pageInfo: { hasNextPage: true } });
  const next = await list(`state: OPEN, after: "${open.pageInfo.endCursor}"`);
  expect(next).toMatchObject({ ids: [e], nodes: [{ ageDays: 2 }], pageInfo: { hasNextPage: false } });
  expect((await list('first: 10')).ids).toEqual([e, a, b, c, d]);
  expect((await list('state: REJECTED')).ids).toEqual([b]);
  const user = encodeId('User', bob.userId!);
  expect((await list(`filter: { proposedBy: { eq: "${user}" } }`)).ids).toEqual([a, c]);
  expect((await list('state: OPEN, filter: { proposedBy: { isNull: true } }')).ids).toEqual([e]);
  expect((await list('filter: { proposedAt: { lt: "2026-01-08T12:00:00Z" } }')).ids).toEqual([c, d]);
  const bad = await client.send(`{ conversionProposals(first: 101) { totalCount } }`);
  expect(bad.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'first' } }]);
  const foreign = await client.send(
    `{ conversionProposals(state: REJECTED, after: "${open.pageInfo.endCursor}") { totalCount } }`,
  );
  expect(foreign.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }]);
});

test('a lead lists its proposals, latest first', async () => {
  const leadId = await sales.lead({ company: 'Acme' });
  const first = await propose(sales, leadId);
  await reject(sales, first, { note: 'No' });
  const second = await propose(sales, leadId);
  await approved(sales, second);
  const { leads } = await client.data(
    '{ leads { nodes { openProposal { id } proposals { totalCount nodes { id state note } } } } }',
  );
  expect(leads.nodes).toEqual([
    {
      openProposal: null,
      proposals: {
        totalCount: 2,
        nodes: [
          { id: encodeId('ConversionProposal', second), state: 'APPROVED', note: null },
          { id: encodeId('ConversionProposal', first), state: 'REJECTED', note: 'No' },
        ],
      },
    },
  ]);
});

test('a page of proposals costs as many statements as one proposal', async () => {
  const count = async () => {
    let statements = 0;
    const { observe } = world.database;
    world.database.observe = (...statement) => {
      statements++;
      observe?.(...statement);
    };
    await client.sendOnce(`{ conversionProposals(state: OPEN) { nodes { ${PROPOSAL} } } }`);
    world.database.observe = observe;
    return statements;
  };
  const one = async (company: string) => {
    await sales.account(company);
    await propose(sales, await sales.lead({ company }));
  };
  await one('Acme');
  // who asks is known from then on
  await count();
  const ofOne = await count();
  for (const company of ['Beta', 'Gamma', 'Delta']) await one(company);
  expect(await count()).toBe(ofOne);
});

test('an administrator sets the review policy, and everybody sees it', async () => {
  const { updateOrganization } = await client.data(
    'mutation { updateOrganization(input: { reviewPolicy: FOUR_EYES }) { organization { reviewPolicy version } userErrors { code } } }',
  );
  expect(updateOrganization).toEqual({
    organization: { reviewPolicy: 'FOUR_EYES', version: 2 },
    userErrors: [],
  });
  expect(await agent.data('{ viewer { organization { reviewPolicy } } }')).toEqual({
    viewer: { organization: { reviewPolicy: 'FOUR_EYES' } },
  });
  const refused = await client.data(
    'mutation { updateOrganization(input: { reviewPolicy: null }) { userErrors { code path } } }',
  );
  expect(refused.updateOrganization.userErrors).toEqual([{ code: 'INVALID_INPUT', path: ['reviewPolicy'] }]);
  const forbidden = await agent.send(
    'mutation { updateOrganization(input: { reviewPolicy: NONE }) { userErrors { code } } }',
  );
  expect(forbidden.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});
