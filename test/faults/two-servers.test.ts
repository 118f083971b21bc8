import { encodeId } from '../../src/graphql/ids.ts';
import { mutate, operation } from '../support/mutate.ts';
import { sendAndHangUp } from '../support/served.ts';
import { codeOf, convert, CONVERTED, none, PATIENCE, race, Racing, revert, ROUNDS } from './racing.ts';

const racing = Racing.ofThisFile();

test(
  'the same lead at both servers: one converts it, the others are told by whom',
  async () => {
    for (const round of ROUNDS) {
      const leadId = await racing.sales.lead({ company: `Company ${round}` });
      const answers = await Promise.all(
        [racing.one, racing.other, racing.one, racing.other].map((at, index) =>
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
      expect(await racing.conversionsOf(leadId)).toHaveLength(1);
    }
  },
  PATIENCE,
);

test(
  'leads of one new company at both servers make one account',
  async () => {
    for (const round of ROUNDS) {
      const leads = await Promise.all(
        ['A', 'B', 'C', 'D'].map((lastName) =>
          racing.sales.lead({ company: `Company ${round} GmbH`, lastName }),
        ),
      );
      const answers = await Promise.all(
        leads.map((id, index) => convert(index % 2 ? racing.one : racing.other, id, {})),
      );
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
      const leadId = await racing.sales.lead({ company: `Company ${round}` });
      const input = { lead: encodeId('Lead', leadId), idempotencyKey: `key ${round}` };
      const query = operation('convertLead', CONVERTED);
      await sendAndHangUp(racing.one, { query, variables: { input } }, (round % 10) * 4);
      const retries = await Promise.all([
        convert(racing.other, leadId, input),
        convert(racing.one, leadId, input),
      ]);
      expect(retries.map(codeOf)).toEqual(['DONE', 'DONE']);
      expect(retries[0]).toEqual(retries[1]);
      expect((await racing.conversionsOf(leadId)).map(({ id }) => encodeId('LeadConversion', id))).toEqual([
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
      const leadId = await racing.sales.lead({ company: `Company ${round}` });
      const { conversion } = await convert(racing.one, leadId);
      const [undone, again] = await race(
        round,
        () => revert(racing.one, conversion.id),
        () => convert(racing.other, leadId),
      );
      expect(codeOf(undone)).toBe('DONE');
      const standing = await racing.conversionsOf(leadId);
      if (codeOf(again) === 'DONE') expect(standing).toHaveLength(1);
      else {
        expect(again.userErrors).toMatchObject([
          { code: 'LEAD_CONVERTED', conversion: { id: conversion.id } },
        ]);
        expect(standing).toEqual([]);
      }
      expect(await racing.conversionsOf(leadId, true)).toHaveLength(1);
    }
  },
  PATIENCE,
);

test(
  'undoing races a lead that joins the account: it joins and the undoing is refused, or it makes another',
  async () => {
    for (const round of ROUNDS) {
      const company = `Company ${round}`;
      const first = await convert(racing.one, await racing.sales.lead({ company }));
      const second = await racing.sales.lead({ company, lastName: 'Meyer' });
      const [undone, joined] = await race(
        round,
        () => revert(racing.one, first.conversion.id),
        () => convert(racing.other, second),
      );
      expect(codeOf(joined)).toBe('DONE');
      const isUndone = codeOf(undone) === 'DONE';
      if (!isUndone) expect(codeOf(undone)).toBe('REVERT_BLOCKED');
      expect(joined.account.id === first.account.id).toBe(!isUndone);
      expect(await racing.sales.rows('account', `name = '${company}' and deleted_at is null`)).toHaveLength(
        1,
      );
    }
  },
  PATIENCE,
);

test(
  'undoing at both servers: one does',
  async () => {
    for (const round of ROUNDS) {
      const { conversion } = await convert(
        racing.one,
        await racing.sales.lead({ company: `Company ${round}` }),
      );
      const answers = await race(
        round,
        () => revert(racing.one, conversion.id),
        () => revert(racing.other, conversion.id),
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
      const leadId = await racing.sales.lead({ company: `Company ${round}`, title: 'before' });
      const lead = encodeId('Lead', leadId);
      const [converted, edited] = await race(
        round,
        () => convert(racing.one, leadId, { ...none, ifVersion: 1 }),
        () => mutate(racing.other, 'updateLead', { lead, ifVersion: 1, title: 'after' }, 'lead { version }'),
      );
      const titles = [(await racing.sales.row('lead', leadId))['title'], await racing.conversionsOf(leadId)];
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
      const accountId = await racing.sales.account(`Company ${round}`, { phone: '+1' });
      const leadId = await racing.sales.lead({
        company: `Company ${round}`,
        industry: 'Optics',
        phone: '+2',
      });
      const [lead, account] = [encodeId('Lead', leadId), encodeId('Account', accountId)];
      const { data } = await racing.one.send(
        'query ($input: ConvertLeadInput!) { previewLeadConversion(input: $input) { plan { planToken } } }',
        { input: { lead, ...none } },
      );
      const { planToken } = data!['previewLeadConversion'].plan;
      const [converted, edited] = await race(
        round,
        () => mutate(racing.one, 'convertLead', { lead, planToken }, CONVERTED),
        () =>
          mutate(
            racing.other,
            'updateAccount',
            { account, ifVersion: 1, phone: '+3' },
            'account { version }',
          ),
      );
      const after = await racing.sales.row('account', accountId);
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
      const accounts = await Promise.all(['A', 'B'].map((name) => racing.sales.account(`${name} ${round}`)));
      const deals = await Promise.all(
        accounts.map((accountId) => racing.sales.opportunity('Deal', { accountId })),
      );
      const answers = await Promise.all(
        Array.from({ length: 8 }, async (_, index) => {
          const leadId = await racing.sales.lead({
            ...{ company: `${index % 3 ? 'A' : 'B'} ${round}`, lastName: `P ${index % 4}` },
            ...{ email: `p${index % 2}@c${round}.com`, source: 'Web' },
          });
          return convert(index % 2 ? racing.one : racing.other, leadId, {
            account: { existing: encodeId('Account', accounts[index % 2]!) },
            opportunity: { existing: { id: encodeId('Opportunity', deals[index % 2]!) } },
            allowDuplicate: true,
          });
        }),
      );
      expect(answers.map(codeOf)).toEqual(Array(8).fill('DONE'));
      const roles = await racing.sales.rows(
        'opportunity_contact_role',
        `opportunity_id in ('${deals.join("','")}')`,
      );
      expect(roles.filter((row) => row['is_primary'])).toHaveLength(2);
    }
  },
  PATIENCE,
);
