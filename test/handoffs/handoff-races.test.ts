import 'reflect-metadata';
import { checkOrganization } from '../../src/database/check.ts';
import type { Data } from '../support/graphql.ts';
import { mutate } from '../support/mutate.ts';
import { openWorld, type World } from '../support/world.ts';
import { type Sellers, sellers, userOf } from './handing-over.ts';

let world: World;
let at: Sellers;
beforeAll(async () => {
  world = await openWorld({ poolSize: 16 });
  at = await sellers(world);
});
afterEach(async () => {
  expect(await checkOrganization(world.database, at.organization.id)).toEqual([]);
});
afterAll(() => world.close());

const ROUNDS = Array.from({ length: 15 }, (_, round) => round);
const convert = (lead: string, round: number, by = at.sdr) =>
  mutate(
    by,
    'convertLead',
    { lead, account: { create: { name: `Race ${by === at.ae} ${round}` } }, allowDuplicate: true },
    'conversion { id sdr { id } ae { id } }',
  );
const winners = (answers: Data[]) => answers.filter(({ userErrors }) => userErrors.length === 0);
const losers = (answers: Data[]) =>
  answers.flatMap(({ userErrors }) => userErrors.map(({ code }: Data) => code as string));

test('of accepting, bouncing and withdrawing at once, one is done; the others are told it is decided', async () => {
  for (const _ of ROUNDS) {
    const lead = await at.sdrLead();
    const id = await at.pending(lead);
    const decisions = [() => at.accept(id), () => at.bounce(id), () => at.withdraw(id), () => at.accept(id)];
    const answers = await Promise.all(decisions.map((decide) => decide()));
    expect(winners(answers)).toHaveLength(1);
    expect(losers(answers)).toEqual(['HANDOFF_DECIDED', 'HANDOFF_DECIDED', 'HANDOFF_DECIDED']);
    const [handoff] = await at.handoffs(lead);
    expect(handoff!.state).toBe(winners(answers)[0]!.handoff.state);
  }
});

test('of several hand-overs of one lead at once, one is made; the others carry it', async () => {
  for (const _ of ROUNDS) {
    const lead = await at.sdrLead();
    const receivers = [at.ae, at.otherAe, at.admin, at.ae];
    const answers = await Promise.all(receivers.map((to) => at.handOff({ lead, to: userOf(to) })));
    expect(winners(answers)).toHaveLength(1);
    expect(losers(answers)).toEqual(['HANDOFF_PENDING', 'HANDOFF_PENDING', 'HANDOFF_PENDING']);
    expect(await at.handoffs(lead)).toHaveLength(1);
  }
});

test('accepting against somebody else’s conversion: accepted and then converted, or withdrawn by it', async () => {
  for (const round of ROUNDS) {
    const lead = await at.sdrLead();
    const id = await at.pending(lead);
    const [accepted, converted] = await Promise.all([at.accept(id), convert(lead, round)]);
    expect(converted.userErrors).toEqual([]);
    const [handoff] = await at.handoffs(lead);
    const ae = (converted.conversion as Data).ae.id;
    if (losers([accepted]).length === 0) expect([handoff!.state, ae]).toEqual(['ACCEPTED', userOf(at.ae)]);
    else {
      expect(losers([accepted])).toEqual(['HANDOFF_DECIDED']);
      expect([handoff!.state, ae]).toEqual(['WITHDRAWN', userOf(at.sdr)]);
    }
    expect((converted.conversion as Data).sdr.id).toBe(userOf(at.sdr));
  }
});

test('bouncing against the receiver’s own conversion: whichever came first holds', async () => {
  for (const round of ROUNDS) {
    const lead = await at.sdrLead();
    const id = await at.pending(lead);
    const [bounced, converted] = await Promise.all([at.bounce(id), convert(lead, round, at.ae)]);
    expect(converted.userErrors).toEqual([]);
    const [handoff] = await at.handoffs(lead);
    const isBounced = losers([bounced]).length === 0;
    expect(handoff!.state).toBe(isBounced ? 'BOUNCED' : 'ACCEPTED');
    if (!isBounced) expect(losers([bounced])).toEqual(['HANDOFF_DECIDED']);
  }
});

test('handing over against a conversion: handed over and withdrawn by it, or refused since it is converted', async () => {
  for (const round of ROUNDS) {
    const lead = await at.sdrLead();
    const [handed, converted] = await Promise.all([at.handOff({ lead }), convert(lead, round + 100)]);
    expect(converted.userErrors).toEqual([]);
    const states = (await at.handoffs(lead)).map(({ state }) => state);
    if (losers([handed]).length === 0) expect(states).toEqual(['WITHDRAWN']);
    else expect([losers([handed]), states]).toEqual([['LEAD_CONVERTED'], []]);
  }
});

test('accepting against an assignment to somebody else: no hand-off is left pending', async () => {
  for (const _ of ROUNDS) {
    const lead = await at.sdrLead();
    const id = await at.pending(lead);
    const assign = mutate(at.sdr, 'assignLead', { lead, owner: userOf(at.otherAe) }, 'lead { id }');
    const [accepted, assigned] = await Promise.all([at.accept(id), assign]);
    expect(assigned.userErrors).toEqual([]);
    const [handoff] = await at.handoffs(lead);
    expect(handoff!.state).toBe(losers([accepted]).length === 0 ? 'ACCEPTED' : 'WITHDRAWN');
  }
});
