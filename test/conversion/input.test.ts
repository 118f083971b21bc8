import { BuyingRole } from '../../src/contacts/contact.enums.ts';
import type { ConvertLeadInput } from '../../src/conversion/conversion.inputs.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { openWorld, type World } from '../support/world.ts';
import { created, Sales } from './sales.ts';

let world: World;
let sales: Sales;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  sales = await Sales.open(world);
});
afterAll(() => world.close());

const none = { opportunity: { none: true } };
const account = (id: string) => ({ existing: encodeId('Account', id) });
const contact = (id: string) => ({ existing: encodeId('Contact', id) });
const joining = (id: string, role?: BuyingRole) => ({ existing: { id: encodeId('Opportunity', id), role } });
const unknownId = '01900000-0000-7000-8000-00000000dead';

type Refused = [Omit<ConvertLeadInput, 'lead'>, string[]];
test.each<Refused>([
  [{ account: { matchOrCreate: false } }, ['account', 'matchOrCreate']],
  [{ contact: { matchOrCreate: false } }, ['contact', 'matchOrCreate']],
  [{ opportunity: { none: false } }, ['opportunity', 'none']],
  [{ account: { existing: '' } }, ['account', 'existing']],
  [{ account: { existing: 'acc_1' } }, ['account', 'existing']],
  [{ account: contact(unknownId) }, ['account', 'existing']],
  [{ contact: { existing: '' } }, ['contact', 'existing']],
  [{ opportunity: { existing: { id: '' } } }, ['opportunity', 'existing', 'id']],
  [{ account: {} }, ['account']],
  [{ account: { create: { name: 'A' }, matchOrCreate: true } }, ['account']],
  [{ opportunity: { none: null } }, ['opportunity']],
  [{ account: { create: { name: ' ' } } }, ['account', 'create', 'name']],
  [{ account: { create: { domain: 'nowhere' } } }, ['account', 'create', 'domain']],
  [{ account: { create: { employees: -1 } } }, ['account', 'create', 'employees']],
  [{ contact: { create: { email: 'nobody' } } }, ['contact', 'create', 'email']],
  [{ contact: { create: { lastName: '' } } }, ['contact', 'create', 'lastName']],
  [{ opportunity: { create: { name: '' } } }, ['opportunity', 'create', 'name']],
  [
    { opportunity: { create: { amount: { amount: '1.234', currency: 'EUR' } } } },
    ['opportunity', 'create', 'amount', 'amount'],
  ],
  [{ idempotencyKey: '' }, ['idempotencyKey']],
])('%j is refused at %j', async (input, path) => {
  const leadId = await sales.lead({ company: 'Acme' });
  expect(await sales.refusal(leadId, input)).toMatchObject({ code: 'INVALID_INPUT', path });
});

test("ids of nothing, of something deleted or of another organisation's are not found", async () => {
  const other = await Sales.open(world);
  const theirs = {
    account: await other.account('Acme'),
    contact: await other.contact('X'),
    opportunity: await other.opportunity('X'),
    user: await other.user('X'),
    lead: await other.lead({ company: 'Acme' }),
  };
  const deleted = await sales.account('Deleted', { deletedAt: created });
  const leadId = await sales.lead({ company: 'Acme' });
  const notFound = async (input: Omit<ConvertLeadInput, 'lead'>, path: string[], lead = leadId) =>
    expect(await sales.refusal(lead, input)).toMatchObject({ code: 'NOT_FOUND', path });
  for (const id of [unknownId, theirs.account, deleted])
    await notFound({ account: account(id) }, ['account', 'existing']);
  await notFound({ contact: contact(theirs.contact) }, ['contact', 'existing']);
  await notFound({ opportunity: joining(theirs.opportunity) }, ['opportunity', 'existing', 'id']);
  await notFound({ owner: encodeId('User', theirs.user) }, ['owner']);
  await notFound({}, ['lead'], theirs.lead);
  await notFound({}, ['lead'], await sales.lead({ company: 'Acme', deletedAt: created }));
  // And an account of another organisation is no match.
  const { accountId } = await sales.convert(leadId, none);
  expect(accountId).not.toBe(theirs.account);
});
