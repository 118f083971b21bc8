import { setTimeout as sleep } from 'node:timers/promises';
import { checkOrganization } from '../../src/database/check.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import type { Data } from '../support/graphql.ts';
import { mutate, operation } from '../support/mutate.ts';
import { runs } from '../support/runs.ts';
import { type Remote, sendAndHangUp, type Servers, startServers } from '../support/served.ts';
import { openWorld, type World } from '../support/world.ts';
import { Sales } from '../conversion/sales.ts';

let world: World;
let servers: Servers;
let sales: Sales;
let one: Remote;
let other: Remote;
beforeAll(async () => {
  world = await openWorld();
  servers = await startServers(world);
}, 120_000);
beforeEach(async () => {
  sales = await Sales.open(world);
  [one, other] = (await servers.admins({ ...sales.organization, adminId: sales.ownerId })) as [
    Remote,
    Remote,
  ];
});
afterEach(async () => {
  expect(await checkOrganization(world.database, sales.organization.id)).toEqual([]);
  for (const { output } of servers.running) expect(output).not.toMatch(/internal error|unhandled/);
});
afterAll(async () => {
  await servers.close();
  await world.close();
});

/** Nothing is timed: a round takes long on a busy machine. */
const PATIENCE = 600_000;
const ROUNDS = Array.from({ length: runs(30) }, (_, index) => index);
const CONVERTED = `conversion { id accountOutcome } account { id } contact { id } opportunity { id }`;
const none = { opportunity: { none: true } };

/** Both at once; in some rounds one of them gets a start, so that each comes first some time. */
async function race<A, B>(round: number, left: () => Promise<A>, right: () => Promise<B>): Promise<[A, B]> {
  const after = (milliseconds: number) => (milliseconds > 0 ? sleep(milliseconds) : Promise.resolve());
  const lead = (round % 5) * 6 - 12;
  return await Promise.all([after(-lead).then(left), after(lead).then(right)]);
}

const convert = (at: Remote, leadId: string, input: Data = none) =>
  mutate(at, 'convertLead', { lead: encodeId('Lead', leadId), ...input }, CONVERTED);
const revert = (at: Remote, conversion: string) =>
  mutate(at, 'revertConversion', { conversion }, 'conversion { id revertedAt }');

const codeOf = ({ userErrors }: Data): string => userErrors[0]?.code ?? 'DONE';
const conversionsOf = (leadId: string, standing = true) =>
  sales.rows<{ id: string }>(
    'lead_conversion',
    `lead_id = '${leadId}' and (reverted_at is null) = ${standing}`,
  );

test(
  'the same lead at both servers: one converts it, the others are told by whom',
  async () => {
    for (const round of ROUNDS) {
      const leadId = await sales.lead({ company: `Company ${round}` });
      const answers = await Promise.all(
        [one, other, one, other].map((at, index) =>
          convert(at, leadId, { ...none, idempotencyKey: `${round} ${index}` }),
        ),
      );
      expect(answers.map(codeOf).sort()).toEqual([
        'DONE',
        'LEAD_CONVERTED',
        'LEAD_CONVERTED',
        'LEAD_CONVERTED',
      ]);
      const { conversion } = answers.find((answer) => codeOf(answer) === 'DONE')!;
      for (const { userErrors } of answers.filter((answer) => codeOf(answer) !== 'DONE'))
        expect(userErrors[0].conversion).toEqual({ id: conversion.id });
      expect(await conversionsOf(leadId)).toHaveLength(1);
    }
  },
  PATIENCE,
);

test(
  'leads of one new company at both servers make one account',
  async () => {
    for (const round of ROUNDS) {
      const leads = await Promise.all(
        ['A', 'B', 'C', 'D'].map((lastName) => sales.lead({ company: `Company ${round} GmbH`, lastName })),
      );
      const answers = await Promise.all(leads.map((id, index) => convert(index % 2 ? one : other, id, {})));
      expect(answers.map(codeOf)).toEqual(['DONE', 'DONE', 'DONE', 'DONE']);
      expect(new Set(answers.map(({ account }) => account.id)).size).toBe(1);
      const outcomes = answers.map(({ conversion }) => conversion.accountOutcome).sort();
      expect(outcomes).toEqual(['ATTACHED', 'ATTACHED', 'ATTACHED', 'CREATED']);
    }
  },
  PATIENCE,
);

test(
  'a client whose answer was cut asks the other server with its key: one conversion, one answer',
  async () => {
    for (const round of ROUNDS) {
      const leadId = await sales.lead({ company: `Company ${round}` });
      const input = { lead: encodeId('Lead', leadId), idempotencyKey: `key ${round}` };
      const query = operation('convertLead', CONVERTED);
      await sendAndHangUp(one, { query, variables: { input } }, (round % 10) * 4);
      const retries = await Promise.all([convert(other, leadId, input), convert(one, leadId, input)]);
      expect(retries.map(codeOf)).toEqual(['DONE', 'DONE']);
      expect(retries[0]).toEqual(retries[1]);
      expect((await conversionsOf(leadId)).map(({ id }) => encodeId('LeadConversion', id))).toEqual([
        retries[0]!.conversion.id,
      ]);
    }
  },
  PATIENCE,
);

test(
  'undoing at one server races converting again at the other: it comes before or after, never between',
  async () => {
    for (const round of ROUNDS) {
      const leadId = await sales.lead({ company: `Company ${round}` });
      const { conversion } = await convert(one, leadId);
      const [undone, again] = await race(
        round,
        () => revert(one, conversion.id),
        () => convert(other, leadId),
      );
      expect(codeOf(undone)).toBe('DONE');
      const standing = await conversionsOf(leadId);
      if (codeOf(again) === 'DONE') expect(standing).toHaveLength(1);
      else {
        expect(again.userErrors).toMatchObject([
          { code: 'LEAD_CONVERTED', conversion: { id: conversion.id } },
        ]);
        expect(standing).toEqual([]);
      }
      expect(await conversionsOf(leadId, false)).toHaveLength(1);
    }
  },
  PATIENCE,
);

test(
  'undoing races a lead that joins the account: it joins and the undoing is refused, or it makes another',
  async () => {
    for (const round of ROUNDS) {
      const company = `Company ${round}`;
      const first = await convert(one, await sales.lead({ company }));
      const second = await sales.lead({ company, lastName: 'Meyer' });
      const [undone, joined] = await race(
        round,
        () => revert(one, first.conversion.id),
        () => convert(other, second),
      );
      expect(codeOf(joined)).toBe('DONE');
      const isUndone = codeOf(undone) === 'DONE';
      if (!isUndone) expect(codeOf(undone)).toBe('REVERT_BLOCKED');
      expect(joined.account.id === first.account.id).toBe(!isUndone);
      expect(await sales.rows('account', `name = '${company}' and deleted_at is null`)).toHaveLength(1);
    }
  },
  PATIENCE,
);

test(
  'undoing at both servers: one does',
  async () => {
    for (const round of ROUNDS) {
      const { conversion } = await convert(one, await sales.lead({ company: `Company ${round}` }));
      const answers = await race(
        round,
        () => revert(one, conversion.id),
        () => revert(other, conversion.id),
      );
      expect(answers.map(codeOf).sort()).toEqual(['ALREADY_REVERTED', 'DONE']);
    }
  },
  PATIENCE,
);

test(
  'converting races an edit of the lead, both of one version: one wins, the other is told the state',
  async () => {
    for (const round of ROUNDS) {
      const leadId = await sales.lead({ company: `Company ${round}`, title: 'before' });
      const lead = encodeId('Lead', leadId);
      const [converted, edited] = await race(
        round,
        () => convert(one, leadId, { ...none, ifVersion: 1 }),
        () => mutate(other, 'updateLead', { lead, ifVersion: 1, title: 'after' }, 'lead { version }'),
      );
      const titles = [(await sales.row('lead', leadId))['title'], await conversionsOf(leadId)];
      if (codeOf(converted) === 'DONE') {
        expect(edited.userErrors).toMatchObject([
          { code: 'LEAD_CONVERTED', conversion: { id: converted.conversion.id } },
        ]);
        expect(titles).toEqual(['before', [expect.anything()]]);
      } else {
        expect(codeOf(edited)).toBe('DONE');
        expect(converted.userErrors).toMatchObject([{ code: 'STALE_VERSION', current: edited.lead.version }]);
        expect(titles).toEqual(['after', []]);
      }
    }
  },
  PATIENCE,
);

test(
  'executing a plan races an edit of its account: the plan holds and the edit is stale, or the plan has expired',
  async () => {
    for (const round of ROUNDS) {
      const accountId = await sales.account(`Company ${round}`, { phone: '+1' });
      const leadId = await sales.lead({ company: `Company ${round}`, industry: 'Optics', phone: '+2' });
      const [lead, account] = [encodeId('Lead', leadId), encodeId('Account', accountId)];
      const { data } = await one.send(
        'query ($input: ConvertLeadInput!) { previewLeadConversion(input: $input) { plan { planToken } } }',
        { input: { lead, ...none } },
      );
      const { planToken } = data!['previewLeadConversion'].plan;
      const [converted, edited] = await race(
        round,
        () => mutate(one, 'convertLead', { lead, planToken }, CONVERTED),
        () => mutate(other, 'updateAccount', { account, ifVersion: 1, phone: '+3' }, 'account { version }'),
      );
      const after = await sales.row('account', accountId);
      if (codeOf(converted) === 'DONE') {
        expect(edited.userErrors).toMatchObject([{ code: 'STALE_VERSION', current: 2 }]);
        expect(after).toMatchObject({ phone: '+1', industry: 'Optics' });
      } else {
        expect([codeOf(converted), codeOf(edited)]).toEqual(['PLAN_EXPIRED', 'DONE']);
        expect(after).toMatchObject({ phone: '+3', industry: null });
      }
    }
  },
  PATIENCE,
);

test(
  'leads of different companies cross over into the same accounts and deals, without a deadlock',
  async () => {
    for (const round of ROUNDS.slice(0, Math.ceil(ROUNDS.length / 3))) {
      const accounts = await Promise.all(['A', 'B'].map((name) => sales.account(`${name} ${round}`)));
      const deals = await Promise.all(accounts.map((accountId) => sales.opportunity('Deal', { accountId })));
      const answers = await Promise.all(
        Array.from({ length: 8 }, async (_, index) => {
          const leadId = await sales.lead({
            ...{ company: `${index % 3 ? 'A' : 'B'} ${round}`, lastName: `P ${index % 4}` },
            ...{ email: `p${index % 2}@c${round}.com`, source: 'Web' },
          });
          return convert(index % 2 ? one : other, leadId, {
            account: { existing: encodeId('Account', accounts[index % 2]!) },
            opportunity: { existing: { id: encodeId('Opportunity', deals[index % 2]!) } },
            allowDuplicate: true,
          });
        }),
      );
      expect(answers.map(codeOf)).toEqual(Array(8).fill('DONE'));
      const roles = await sales.rows(
        'opportunity_contact_role',
        `opportunity_id in ('${deals.join("','")}')`,
      );
      expect(roles.filter((row) => row['is_primary'])).toHaveLength(2);
    }
  },
  PATIENCE,
);
