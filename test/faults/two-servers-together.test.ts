import { encodeId } from '../../src/graphql/ids.ts';
import { mutate } from '../support/mutate.ts';
import type { Remote } from '../support/served.ts';
import { codeOf, convert, CONVERTED, none, PATIENCE, race, Racing, revert, ROUNDS } from './racing.ts';

const racing = Racing.ofThisFile();

const merge = (survivor: string, duplicate: string) =>
  mutate(
    racing.other,
    'mergeAccounts',
    { survivor: encodeId('Account', survivor), duplicates: [encodeId('Account', duplicate)] },
    'account { id }',
  );

async function propose(leadId: string): Promise<string> {
  const input = { lead: encodeId('Lead', leadId), ...none };
  return (await mutate(racing.one, 'proposeConversion', input, 'proposal { id }'))['proposal'].id;
}

const STATE = 'refused: userErrors { ... on ProposalStateError { proposal { id state conversion { id } } } }';
const approve = (proposal: string) =>
  mutate(racing.one, 'approveConversion', { proposal }, `${CONVERTED} ${STATE}`);
const reject = (proposal: string) =>
  mutate(racing.other, 'rejectConversion', { proposal }, `proposal { id } ${STATE}`);

test(
  'converting into an account races its merge at the other server: the survivor has it all',
  async () => {
    for (const round of ROUNDS) {
      const survivor = encodeId('Account', await racing.sales.account(`Survivor ${round}`));
      const duplicate = encodeId('Account', await racing.sales.account(`Company ${round}`));
      const leadId = await racing.sales.lead({ company: `Company ${round}` });
      const lead = encodeId('Lead', leadId);
      // now named, now found
      const account = round % 2 ? { existing: duplicate } : { matchOrCreate: true };
      const [converted, merged] = await race(
        round,
        () =>
          mutate(
            racing.one,
            'convertLead',
            { lead, account },
            'account { id } contact { id } opportunity { id }',
          ),
        () => mutate(racing.other, 'mergeAccounts', { survivor, duplicates: [duplicate] }, 'account { id }'),
      );
      expect([round, codeOf(converted), codeOf(merged)]).toEqual([round, 'DONE', 'DONE']);
      const { data } = await racing.one.send(
        `query ($lead: ID!, $duplicate: ID!) { lead(by: { id: $lead }) { conversion { account { id } contact { account { id } }
          opportunity { account { id } } } } account(by: { id: $duplicate }) { id conversions { totalCount } } }`,
        { lead, duplicate },
      );
      const at = { account: { id: survivor } };
      expect(data).toEqual({
        lead: { conversion: { ...at, contact: at, opportunity: at } },
        account: { id: survivor, conversions: { totalCount: 1 } },
      });
    }
  },
  PATIENCE,
);

test(
  'undoing a conversion races the merge of its account: one of them is refused',
  async () => {
    for (const round of ROUNDS) {
      const survivor = await racing.sales.account(`Survivor ${round}`);
      const leadId = await racing.sales.lead({ company: `Company ${round}` });
      const { conversion } = await convert(racing.one, leadId);
      const [made] = await racing.conversionsOf(leadId);
      const [undone, merged] = await race(
        round,
        () => revert(racing.one, conversion.id),
        () => merge(survivor, made!.account_id),
      );
      expect(['DONE NOT_FOUND', 'REVERT_BLOCKED DONE']).toContain(`${codeOf(undone)} ${codeOf(merged)}`);
    }
  },
  PATIENCE,
);

test(
  'approving races rejecting at the other server: one decides, the other is told',
  async () => {
    for (const round of ROUNDS) {
      const lead = encodeId('Lead', await racing.sales.lead({ company: `Company ${round}` }));
      const { proposal } = await mutate(racing.one, 'proposeConversion', { lead }, 'proposal { id }');
      const { id } = proposal;
      const [approved, rejected] = await race(
        round,
        () => approve(id),
        () => reject(id),
      );
      const codes = [codeOf(approved), codeOf(rejected)];
      expect(codes.toSorted()).toEqual(['DONE', 'PROPOSAL_NOT_OPEN']);
      const isApproved = codes[0] === 'DONE';
      const { data } = await racing.other.send(
        'query ($id: ID!, $lead: ID!) { node(id: $id) { ... on ConversionProposal { state conversion { id } } } lead(by: { id: $lead }) { isConverted } }',
        { id, lead },
      );
      const decided = {
        state: isApproved ? 'APPROVED' : 'REJECTED',
        conversion: isApproved ? { id: approved['conversion'].id } : null,
      };
      expect(data).toEqual({ node: decided, lead: { isConverted: isApproved } });
      expect((isApproved ? rejected : approved)['refused']).toEqual([{ proposal: { id, ...decided } }]);
    }
  },
  PATIENCE,
);

test(
  'approving races converting directly: one conversion, and who lost is told which',
  async () => {
    for (const round of ROUNDS) {
      const leadId = await racing.sales.lead({ company: `Company ${round}` });
      const id = await propose(leadId);
      const [approved, direct] = await race(
        round,
        () => approve(id),
        () => convert(racing.other, leadId),
      );
      expect(await racing.conversionsOf(leadId)).toHaveLength(1);
      if (codeOf(approved) === 'DONE')
        expect(direct['userErrors']).toMatchObject([
          { code: 'LEAD_CONVERTED', conversion: { id: approved['conversion'].id } },
        ]);
      else expect([codeOf(approved), codeOf(direct)]).toEqual(['PROPOSAL_NOT_OPEN', 'DONE']);
    }
  },
  PATIENCE,
);

interface Told {
  conversion: { id: string } | null;
  userErrors: { code: string; conversion: { id: string } }[];
}

async function batch(at: Remote, ids: string[]): Promise<Told[]> {
  const items = ids.map((id) => ({ input: { lead: encodeId('Lead', id), ...none } }));
  const payload =
    'payload { conversion { id } userErrors { code ... on LeadConvertedError { conversion { id } } } }';
  const { results } = await mutate(
    at,
    'convertLeads',
    { mode: 'PER_RECORD', items },
    `results { ${payload} }`,
  );
  return (results as { payload: Told }[]).map((result) => result.payload);
}

test(
  'batches of the same leads in opposite orders convert each lead once, and tell the others by which',
  async () => {
    for (const round of ROUNDS.slice(0, Math.ceil(ROUNDS.length / 3))) {
      const leads = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          racing.sales.lead({ company: `Company ${round} ${index % 3}`, lastName: `P${index}` }),
        ),
      );
      const [left, right] = await race(
        round,
        () => batch(racing.one, leads),
        () => batch(racing.other, leads.toReversed()),
      );
      for (const [index, leadId] of leads.entries()) {
        const stored = (await racing.conversionsOf(leadId)).map(({ id }) => encodeId('LeadConversion', id));
        const told = [left[index]!, right.at(-1 - index)!];
        const codes = told.map(({ userErrors }) => userErrors[0]?.code ?? 'DONE');
        expect(codes.sort()).toEqual(['DONE', 'LEAD_CONVERTED']);
        const ids = told.map(({ conversion, userErrors }) => (conversion ?? userErrors[0]!.conversion).id);
        expect([...new Set(ids)]).toEqual(stored);
      }
      expect(await racing.sales.rows('account', `name like 'Company ${round} %'`)).toHaveLength(3);
    }
  },
  PATIENCE,
);
