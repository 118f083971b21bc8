import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { encodeId } from '../../../src/graphql/ids.ts';
import { Role } from '../../../src/identity/identity.enums.ts';
import { callerOf, type Data } from '../../support/graphql.ts';
import { openWorld, type World } from '../../support/world.ts';
import { some, store } from './few-records.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const query = `query Then($account: ID!, $asOf: DateTime) {
  accountCoverage(asOf: $asOf) { reach { numerator denominator } }
  account(by: { id: $account }) { journey(asOf: $asOf) { stage } metrics(asOf: $asOf) { sourced { numerator denominator } } }
}`;

test('a conversion changes nothing of what was known before it: the lead’s campaign had reached the account', async () => {
  const one = await world.organization({ timeZone: 'Europe/Berlin' });
  const caller = await callerOf(world, one, Role.ADMIN);
  const account = some.account({ isTarget: true });
  const lead = some.lead(account.id);
  const member = { id: uuidv7(), leadId: lead.id, contactId: null, at: Date.now() - 86_400_000 };
  await store(world, one.tenant, {
    accounts: [account],
    leads: [lead],
    deals: [some.deal(account.id, 'open', { at: Date.now() - 3_600_000 })],
    members: [member],
  });
  const ask = async (asOf: string | null): Promise<Data> => {
    const { data, errors } = await caller.send(query, { account: encodeId('Account', account.id), asOf });
    expect(errors).toEqual([]);
    return data!;
  };
  const then = new Date().toISOString();
  const before = await ask(then);
  expect(before).toMatchObject({
    accountCoverage: { reach: { numerator: 1, denominator: 1 } },
    account: {
      journey: { stage: 'OPPORTUNITY' },
      metrics: { sourced: { numerator: '1', denominator: '1' } },
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  const { data } = await caller.send(
    `mutation Convert($lead: ID!, $account: ID!) {
      convertLead(input: { lead: $lead, account: { existing: $account } }) { conversion { id } userErrors { message } }
    }`,
    { lead: encodeId('Lead', lead.id), account: encodeId('Account', account.id) },
  );
  expect(data).toMatchObject({ convertLead: { conversion: { id: expect.any(String) }, userErrors: [] } });
  expect(await ask(then)).toEqual(before);
  // now the touch is the contact's
  expect((await ask(null))['accountCoverage']).toEqual(before['accountCoverage']);
});
