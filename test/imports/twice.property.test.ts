import fc from 'fast-check';
import { checkOrganization } from '../../src/database/check.ts';
import { openWorld, type World } from '../support/world.ts';
import { type Cells, dump, importTables, type Organization, sfId } from './export-folder.ts';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.close());

/** One of the good values; a bad one seldom enough that most rows go in. */
const mostly = (good: string[], bad: string[]) =>
  fc.oneof(
    { weight: 15, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...bad) },
  );
const index = fc.nat({ max: 2 });
const reference = (prefix: string) =>
  mostly(['', sfId(prefix, 0), sfId(prefix, 1), sfId(prefix, 2)], [sfId(prefix, 7), 'nothing']);
const anyText = fc.string({ unit: 'binary', maxLength: 8 }).filter((value) => !value.includes('\0'));
const text = fc.oneof(fc.constantFrom('', 'Acme', 'Zoë'), anyText);
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('Acme', 'Beta') },
  { weight: 1, arbitrary: anyText },
);
const flag = mostly(['', 'TRUE', 'FALSE', '1', '0', 'yes'], ['perhaps']);
const days = [
  '02/24/26',
  '2026-02-28',
  '2/4/2026 14:05',
  '02/24/26 02:18 AM',
  '2025-12-31T23:59:59.000+0000',
];
const day = mostly(['', ...days], ['02/30/26', '2099-01-01']);
const known = mostly(days, ['', '02/30/26']);
const amount = mostly(['', '100', '182.31500000000003', '1e5', '-3'], ['many']);
const stage = mostly(['Prospecting', 'Closed Won', 'Closed Lost', 'Trial', 'Gone'], ['']);
const category = mostly(['', 'Forecast', 'Closed', 'Omitted', 'Best Case'], ['Wishful']);
const probability = mostly(['', '0', '35', '100'], ['101']);

const table = (prefix: string, cells: Record<string, fc.Arbitrary<string>>) =>
  fc.array(
    fc.record({ Id: index.map((number) => sfId(prefix, number)), IsDeleted: fc.constantFrom('', '', '', 'TRUE'), ...cells }),
    { maxLength: 5 },
  ); // prettier-ignore

const role = mostly(['', 'Decision Maker', 'Gatekeeper'], [' ']);
const who = fc.oneof(reference('00Q'), reference('003'));
const what = fc.oneof(reference('001'), reference('006'), fc.constantFrom('', sfId('500', 1)));

const tracked = { CreatedDate: day, LastModifiedDate: day, OwnerId: reference('005') };
const folder = fc.record({
  Account: table('001', { Name: name, ParentId: reference('001'), AnnualRevenue: amount, Website: fc.constantFrom('', 'acme.de', 'no domain'), Type: text, ...tracked }),
  Contact: table('003', { LastName: name, FirstName: text, AccountId: reference('001'), Email: text, DoNotCall: flag, ...tracked }),
  Campaign: table('701', { Name: name, Type: text, StartDate: day, ActualCost: amount, IsActive: flag, ...tracked }),
  CampaignMember: table('00v', { CampaignId: reference('701'), LeadId: reference('00Q'), ContactId: reference('003'), Status: text, HasResponded: flag, FirstRespondedDate: day, CreatedDate: day, LastModifiedDate: day }),
  OpportunityContactRole: table('00K', { OpportunityId: reference('006'), ContactId: reference('003'), Role: role, IsPrimary: flag, CreatedDate: day }),
  Task: table('00T', { WhoId: who, WhatId: what, Type: text, TaskSubtype: fc.constantFrom('', 'Call', 'Email'), Status: fc.constantFrom('', 'Completed', 'Open'), ActivityDate: day, CallDurationInSeconds: amount, ...tracked }),
  Event: table('00U', { WhoId: who, WhatId: what, Type: text, StartDateTime: day, DurationInMinutes: mostly(['', '30'], ['-1']), IsChild: mostly(['', 'FALSE'], ['TRUE']), ...tracked }),
  Opportunity: table('006', { CampaignId: reference('701'), Name: name, AccountId: reference('001'), StageName: stage, CloseDate: known, Amount: amount, IsClosed: flag, IsWon: flag, Probability: probability, ForecastCategory: category, ...tracked }),
  OpportunityHistory: table('008', { OpportunityId: reference('006'), CreatedDate: known, StageName: stage, Amount: amount, CloseDate: day, Probability: probability, ForecastCategory: category }),
  Lead: table('00Q', { CampaignId: reference('701'), LastName: name, Company: text, Email: text, Status: text, IsConverted: flag, ConvertedDate: day, ConvertedAccountId: reference('001'), ConvertedContactId: reference('003'), ConvertedOpportunityId: reference('006'), ...tracked }),
}); // prettier-ignore

/** The files that have rows. */
const present = (tables: Record<string, Cells[]>) =>
  Object.fromEntries(Object.entries(tables).filter(([, rows]) => rows.length > 0));

test('whatever is in the files, importing them twice is importing them once, and all rows are accounted for', async () => {
  await fc.assert(
    fc.asyncProperty(folder, async (tables: Record<string, Cells[]>) => {
      const organization = await world.organization();
      const filled = present(tables);
      fc.pre(Object.keys(filled).length > 0);
      const first = await importTables(world, organization, filled);
      const before = await dump(world, organization);
      const second = await importTables(world, organization, filled);

      expect(await dump(world, organization)).toEqual(before);
      expect(second.rejected).toEqual(first.rejected);
      for (const [type, { created, unchanged, rejected, skippedDeleted = 0 }] of Object.entries(
        first.types,
      )) {
        const again = second.types[type as keyof typeof second.types];
        expect(again).toMatchObject({ created: 0, updated: 0, unchanged: created + unchanged, rejected });
        const object = { accounts: 'Account', contacts: 'Contact', opportunities: 'Opportunity', opportunityHistory: 'OpportunityHistory', leads: 'Lead', campaigns: 'Campaign', campaignMembers: 'CampaignMember', contactRoles: 'OpportunityContactRole', tasks: 'Task', events: 'Event' }[type]; // prettier-ignore
        if (object) expect(created + unchanged + rejected + skippedDeleted).toBe(filled[object]?.length ?? 0);
      }
    }),
    { numRuns: 40 },
  );
});

test('after any two imports every opportunity has a gapless history that ends in its row, and the last one is settled', async () => {
  await fc.assert(
    fc.asyncProperty(
      folder,
      folder,
      async (earlier: Record<string, Cells[]>, later: Record<string, Cells[]>) => {
        const organization = await world.organization();
        const [older, newer] = [present(earlier), present(later)];
        fc.pre(Object.keys(older).length > 0 && Object.keys(newer).length > 0);
        await importTables(world, organization, older);
        await importTables(world, organization, newer);
        const settled = await dump(world, organization);
        expectWholeHistories(settled);
        expect(await misplaced(organization)).toEqual([]);
        await importTables(world, organization, newer);
        expect(await dump(world, organization)).toEqual(settled);
      },
    ),
    { numRuns: 40 },
  );
});

/** Memberships and activities that are not where their people are. */
async function misplaced(organization: Organization): Promise<string[]> {
  const violations = await checkOrganization(world.database, organization.id);
  return violations
    .map(({ name }) => name)
    .filter((name) => /^(member|activity|campaign|one-primary)/.test(name));
}

type Row = Record<string, unknown>;

function expectWholeHistories({ opportunity, opportunity_version }: Record<string, unknown[]>): void {
  for (const row of opportunity as Row[]) {
    const chain = (opportunity_version as Row[])
      .filter((version) => version['opportunity_id'] === row['id'])
      .sort((a, b) => (String(a['valid_from']) < String(b['valid_from']) ? -1 : 1));
    chain.forEach((version, position) =>
      expect(version['valid_to']).toBe(chain[position + 1]?.['valid_from'] ?? null),
    );
    const columns = ['stage_id', 'amount', 'currency', 'probability', 'forecast_category', 'close_date', 'is_closed', 'is_won']; // prettier-ignore
    for (const column of columns) expect(chain.at(-1)![column]).toEqual(row[column]);
    const begins = String(chain[0]!['valid_from']);
    // A creation found to be later than changes we know of leaves those where they are.
    if (chain.length === 1) expect(begins).toBe(row['created_at']);
    else expect(begins <= String(row['created_at'])).toBe(true);
    const lastOpen = chain.findLastIndex((version) => !version['is_closed']);
    expect(row['closed_at']).toBe(chain[lastOpen + 1]?.['valid_from'] ?? null);
  }
}
