import { encodeId } from '../../src/graphql/ids.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { type Sellers, sellers, userOf } from '../handoffs/handing-over.ts';
import type { Caller, Data } from '../support/graphql.ts';
import { mutate } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let at: Sellers;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  at = await sellers(world);
});
afterAll(() => world.close());

let company = 0;
async function convert(lead: string, by: Caller, more: Data = {}): Promise<Data> {
  const account = { create: { name: `Company ${++company}` } };
  const { conversion, userErrors } = await mutate(
    by,
    'convertLead',
    { lead, account, ...more },
    'conversion { id sdr { id } ae { id } }',
  );
  expect(userErrors).toEqual([]);
  return conversion as Data;
}
const people = ({ sdr, ae }: Data) => [sdr?.id ?? null, ae?.id ?? null];

async function found(filter: Data): Promise<string[]> {
  const query = 'query ($filter: ConversionFilter) { conversions(filter: $filter) { nodes { id } } }';
  const { data, errors } = await at.admin.send(query, { filter });
  expect(errors).toEqual([]);
  return data!.conversions.nodes.map(({ id }: Data) => id);
}

test('the AE owns what the lead became; the SDR fed it', async () => {
  const [sdr, ae, other] = [userOf(at.sdr), userOf(at.ae), userOf(at.otherAe)];
  // the lead's owner, converted for an AE
  expect(people(await convert(await at.sdrLead(), at.sdr, { owner: ae }))).toEqual([sdr, ae]);
  // an AE's lead, converted by the SDR
  expect(people(await convert(await at.lead({ owner: ae }), at.sdr))).toEqual([sdr, ae]);
  // whoever else presses the button
  expect(people(await convert(await at.sdrLead(), at.admin))).toEqual([sdr, sdr]);
  // nobody's but the AE's
  expect(people(await convert(await at.lead({ owner: ae }), at.ae))).toEqual([ae, ae]);
  // out of a queue
  const queued = await at.lead({ owner: await at.queue() });
  expect(people(await convert(queued, at.sdr, { owner: ae }))).toEqual([sdr, ae]);
  // handed over, bounced, handed over again and accepted
  const handed = await at.sdrLead();
  await at.bounce(await at.pending(handed));
  await at.accept(await at.pending(handed, at.otherAe), at.otherAe);
  expect(people(await convert(handed, at.otherAe))).toEqual([sdr, other]);
});

test('a record that is joined keeps its owner, who is the AE; the opportunity’s before the account’s', async () => {
  const [sdr, ae, other] = [userOf(at.sdr), userOf(at.ae), userOf(at.otherAe)];
  const account = { existing: await at.account('Acme', { owner: ae }) };
  const none = { opportunity: { none: true } };
  expect(people(await convert(await at.sdrLead(), at.sdr, { account, ...none }))).toEqual([sdr, ae]);
  const { opportunity } = await mutate(
    at.admin,
    'createOpportunity',
    { account: account.existing, name: 'Deal', closeDate: '2027-01-01', owner: other },
    'opportunity { id }',
  );
  const deal = { opportunity: { existing: { id: opportunity.id } } };
  const joined = await convert(await at.sdrLead({ lastName: 'Other' }), at.sdr, { account, ...deal });
  expect(people(joined)).toEqual([sdr, other]);
  const unowned = { existing: await at.account('Nobody', { owner: null }) };
  expect(people(await convert(await at.sdrLead(), at.sdr, { account: unowned, ...none }))).toEqual([
    sdr,
    null,
  ]);
});

test('later hand-overs, owners of the records leave it as it was', async () => {
  const conversion = await convert(await at.sdrLead(), at.sdr, { owner: userOf(at.ae) });
  const query =
    'query ($id: ID!) { node(id: $id) { ... on LeadConversion { account { id } sdr { id } ae { id } } } }';
  const { data } = await at.admin.send(query, { id: conversion.id });
  const change = { account: data!.node.account.id, owner: userOf(at.otherAe) };
  expect((await mutate(at.admin, 'updateAccount', change, 'account { id }')).userErrors).toEqual([]);
  const again = await at.admin.send(query, { id: conversion.id });
  expect(people(again.data!.node as Data)).toEqual([userOf(at.sdr), userOf(at.ae)]);
});

test('conversions are found by period, outcomes, person, source, SDR and AE', async () => {
  const [sdr, ae, admin] = [userOf(at.sdr), userOf(at.ae), userOf(at.admin)];
  const none = { opportunity: { none: true } };
  const acme = { existing: await at.account('Acme', { owner: admin }) };
  const first = (await convert(await at.sdrLead({ source: 'Web' }), at.sdr, { owner: ae })).id;
  const second = (await convert(await at.lead({ owner: ae, source: 'Event' }), at.ae, none)).id;
  const joined = { lastName: 'Late', email: 'late@acme.example' };
  const contact = await mutate(
    at.admin,
    'createContact',
    { account: acme.existing, ...joined },
    'contact { id }',
  );
  const third = (
    await convert(await at.sdrLead(joined), at.admin, {
      account: acme,
      contact: { existing: contact.contact.id },
      ...none,
    })
  ).id;
  expect(await found({ sdr: { eq: sdr } })).toEqual([third, first]);
  expect(await found({ ae: { in: [ae, admin] } })).toEqual([third, second, first]);
  expect(await found({ ae: { eq: ae }, sdr: { eq: ae } })).toEqual([second]);
  expect(await found({ sdr: { isNull: true } })).toEqual([]);
  expect(await found({ contactOutcome: 'ATTACHED' })).toEqual([third]);
  expect(await found({ contactOutcome: 'CREATED', opportunityOutcome: 'CREATED' })).toEqual([first]);
  expect(await found({ accountOutcome: 'CREATED', convertedBy: { eq: sdr } })).toEqual([first]);
  expect(await found({ source: { eq: 'Event' } })).toEqual([second]);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  expect(await found({ convertedAt: { gte: tomorrow } })).toEqual([]);
  expect(await found({ convertedAt: { lt: tomorrow }, isReverted: false })).toHaveLength(3);
});

test('a lead that is converted again after its conversion was undone shows both, each with its people', async () => {
  const lead = await at.sdrLead();
  const first = await convert(lead, at.sdr, { owner: userOf(at.ae) });
  const undone = await mutate(at.admin, 'revertConversion', { conversion: first.id }, 'conversion { id }');
  expect(undone.userErrors).toEqual([]);
  const second = await convert(lead, at.sdr, { owner: userOf(at.otherAe) });
  const query = `query ($id: ID!) { lead(by: { id: $id }) { conversion { id }
    conversions { nodes { id revertedAt ae { id } } } } }`;
  const { data } = await at.admin.send(query, { id: lead });
  expect(data!.lead).toEqual({
    conversion: { id: second.id },
    conversions: {
      nodes: [
        { id: second.id, revertedAt: null, ae: { id: userOf(at.otherAe) } },
        { id: first.id, revertedAt: expect.any(String), ae: { id: userOf(at.ae) } },
      ],
    },
  });
  expect(await found({ sdr: { eq: userOf(at.sdr) } })).toEqual([second.id, first.id]);
  expect(await found({ ae: { eq: userOf(at.ae) }, isReverted: true })).toEqual([first.id]);
});

test('an administrator converts nobody’s lead: they stand for both', async () => {
  const lead = await at.lead({ owner: null });
  const admin = await at.as(Role.ADMIN);
  expect(people(await convert(lead, admin))).toEqual([
    encodeId('User', admin.principal.userId!),
    encodeId('User', admin.principal.userId!),
  ]);
});
