import fc from 'fast-check';
import { openWorld, type World } from '../support/world.ts';
import { type Cells, dump, importTables, sfId } from './export-folder.ts';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.close());

const index = fc.nat({ max: 3 });
const maybe = (text: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 1, arbitrary: fc.constant('') }, { weight: 3, arbitrary: text });
const reference = (prefix: string) => maybe(fc.nat({ max: 5 }).map((number) => sfId(prefix, number)));
const text = maybe(fc.string({ unit: 'binary', maxLength: 8 }).filter((value) => !value.includes('\0')));
const flag = fc.constantFrom('', 'TRUE', 'FALSE', '1', '0', 'yes', 'perhaps');
const day = fc.constantFrom('', '02/24/26', '2026-02-28', '02/30/26', '2/4/2026 14:05', '2025-12-31T23:59:59.000+0000', '2099-01-01'); // prettier-ignore
const amount = fc.constantFrom('', '100', '182.31500000000003', '1e5', '-3', 'many');
const stage = fc.constantFrom('Prospecting', 'Closed Won', 'Closed Lost', 'Trial', 'Gone', '');
const category = fc.constantFrom('', 'Forecast', 'Closed', 'Omitted', 'Best Case', 'Wishful');
const probability = fc.constantFrom('', '0', '35', '100', '101');

const table = (prefix: string, cells: Record<string, fc.Arbitrary<string>>) =>
  fc.array(
    fc.record({ Id: index.map((number) => sfId(prefix, number)), IsDeleted: fc.constantFrom('', '', '', 'TRUE'), ...cells }),
    { maxLength: 5 },
  ); // prettier-ignore

const tracked = { CreatedDate: day, LastModifiedDate: day, OwnerId: reference('005') };
const folder = fc.record({
  Account: table('001', { Name: text, ParentId: reference('001'), AnnualRevenue: amount, Website: maybe(fc.domain()), Type: text, ...tracked }),
  Contact: table('003', { LastName: text, FirstName: text, AccountId: reference('001'), Email: text, DoNotCall: flag, ...tracked }),
  Opportunity: table('006', { Name: text, AccountId: reference('001'), StageName: stage, CloseDate: day, Amount: amount, IsClosed: flag, IsWon: flag, Probability: probability, ForecastCategory: category, ...tracked }),
  OpportunityHistory: table('008', { OpportunityId: reference('006'), CreatedDate: day, StageName: stage, Amount: amount, CloseDate: day, Probability: probability, ForecastCategory: category }),
  Lead: table('00Q', { LastName: text, Company: text, Email: text, Status: text, IsConverted: flag, ConvertedDate: day, ConvertedAccountId: reference('001'), ConvertedContactId: reference('003'), ConvertedOpportunityId: reference('006'), ...tracked }),
}); // prettier-ignore

test('whatever is in the files, importing them twice is importing them once, and all rows are accounted for', async () => {
  await fc.assert(
    fc.asyncProperty(folder, async (tables: Record<string, Cells[]>) => {
      const organization = await world.organization();
      const filled = Object.fromEntries(Object.entries(tables).filter(([, rows]) => rows.length > 0));
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
        const object = { accounts: 'Account', contacts: 'Contact', opportunities: 'Opportunity', opportunityHistory: 'OpportunityHistory', leads: 'Lead' }[type]; // prettier-ignore
        if (object) expect(created + unchanged + rejected + skippedDeleted).toBe(filled[object]?.length ?? 0);
      }
    }),
    { numRuns: 40 },
  );
});

test('every opportunity it leaves has a gapless history that ends in its row', async () => {
  await fc.assert(
    fc.asyncProperty(folder, async (tables: Record<string, Cells[]>) => {
      const organization = await world.organization();
      fc.pre(tables['Opportunity']!.length > 0);
      await importTables(world, organization, tables);
      const { opportunity, opportunity_version } = await dump(world, organization);
      for (const row of opportunity as Record<string, unknown>[]) {
        const chain = (opportunity_version as Record<string, unknown>[])
          .filter((version) => version['opportunity_id'] === row['id'])
          .sort((a, b) => (String(a['valid_from']) < String(b['valid_from']) ? -1 : 1));
        expect(chain[0]!['valid_from']).toBe(row['created_at']);
        chain.forEach((version, position) =>
          expect(version['valid_to']).toBe(chain[position + 1]?.['valid_from'] ?? null),
        );
        const columns = ['stage_id', 'amount', 'currency', 'probability', 'forecast_category', 'close_date', 'is_closed', 'is_won']; // prettier-ignore
        for (const column of columns) expect(chain.at(-1)![column]).toEqual(row[column]);
      }
    }),
    { numRuns: 30 },
  );
});
