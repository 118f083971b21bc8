import { encodeId } from '../../src/graphql/ids.ts';
import { openWorld, type World } from '../support/world.ts';
import { Sales } from './sales.ts';

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

test('the contact with the e-mail address at the account is joined', async () => {
  const accountId = await sales.account('Acme');
  const elsewhere = await sales.account('Elsewhere');
  await sales.contact('Gonzalez', { accountId: elsewhere, email: 'rose@acme.com' });
  const id = await sales.contact('Gonzales', { accountId, email: 'Rose@Acme.com' });
  const leadId = await sales.lead({
    company: 'Acme',
    email: 'rose@acme.com',
    title: 'CEO',
    firstName: 'Rose',
  });
  const result = await sales.convert(leadId, { ...none, account: account(accountId) });
  expect(result.contactId).toBe(id);
  // Another last name: the first name would make somebody else of it.
  expect(await sales.row('contact', id)).toMatchObject({
    last_name: 'Gonzales',
    first_name: null,
    title: 'CEO',
  });
  expect(await sales.row('lead_conversion', result.conversionId)).toMatchObject({
    contact_outcome: 'MERGED',
  });
});

test('two contacts with the e-mail address at the account are refused', async () => {
  await sales.setPolicies('ALLOW', 'ALLOW');
  const accountId = await sales.account('Acme');
  const twins = [
    await sales.contact('One', { accountId, email: 'rose@acme.com' }),
    await sales.contact('Two', { accountId, email: 'rose@acme.com' }),
  ];
  const error = await sales.refusal(await sales.lead({ company: 'Acme', email: 'rose@acme.com' }));
  expect(error).toMatchObject({ code: 'DUPLICATE_FOUND', path: ['contact'] });
  expect(error.candidates!.map(({ id }) => id).sort()).toEqual(twins.sort());
});

test('an existing contact must be one of the account', async () => {
  const accountId = await sales.account('Acme');
  const other = await sales.account('Other');
  const leadId = await sales.lead({ company: 'Acme' });
  const outsider = await sales.contact('Outsider', { accountId: other });
  const homeless = await sales.contact('Homeless');
  for (const id of [outsider, homeless])
    expect(await sales.refusal(leadId, { contact: contact(id) })).toMatchObject({
      code: 'CONTACT_NOT_IN_ACCOUNT',
      path: ['contact', 'existing'],
    });
  const input = { account: { create: { name: 'New' } }, contact: contact(outsider) };
  expect((await sales.refusal(leadId, input)).code).toBe('CONTACT_NOT_IN_ACCOUNT');
  const insider = await sales.contact('Insider', { accountId });
  expect(await sales.convert(leadId, { contact: contact(insider) })).toMatchObject({ contactId: insider });
});

test("a contact's source is kept, or overwritten when the input says so; opt-outs are only ever added", async () => {
  const accountId = await sales.account('Acme');
  const kept = await sales.contact('Kept', { accountId, source: 'Web', emailOptOut: true });
  const lead = { company: 'Acme', source: 'Fair', doNotCall: true };
  await sales.convert(await sales.lead(lead), { ...none, contact: contact(kept) });
  expect(await sales.row('contact', kept)).toMatchObject({
    source: 'Web',
    email_opt_out: true,
    do_not_call: true,
  });
  const replaced = await sales.contact('Replaced', { accountId, source: 'Web' });
  const input = { ...none, contact: contact(replaced), overwriteLeadSource: true };
  const { conversionId } = await sales.convert(await sales.lead(lead), input);
  expect(await sales.row('contact', replaced)).toMatchObject({ source: 'Fair' });
  expect(
    await sales.rows(
      'conversion_field',
      `conversion_id = '${conversionId}' and field = 'source' and target = 'CONTACT'`,
    ),
  ).toMatchObject([{ value: 'Fair', outcome: 'OVERWRITTEN' }]);
  const empty = await sales.lead({ company: 'Acme', source: null });
  await sales.convert(empty, { ...none, contact: contact(replaced), overwriteLeadSource: true });
  expect(await sales.row('contact', replaced)).toMatchObject({ source: 'Fair' });
});

test('a draft replaces what the lead says', async () => {
  const leadId = await sales.lead({ company: 'Acme', firstName: 'R', email: 'old@acme.com', title: 'CEO' });
  const create = { firstName: 'Rose', lastName: 'Gómez', email: 'new@acme.com', phone: '1', title: '' };
  const { contactId } = await sales.convert(leadId, { ...none, contact: { create } });
  expect(await sales.row('contact', contactId)).toMatchObject({
    first_name: 'Rose',
    last_name: 'Gómez',
    name_key: 'rose gomez',
    email_key: 'new@acme.com',
    phone: '1',
    title: null,
    title_key: null,
  });
});
