import { openWorld, type World } from '../support/world.ts';
import { type Cells, importTables, type Organization, select, sfId } from './export-folder.ts';

let world: World;
let statements = 0;
beforeAll(async () => void (world = await openWorld({ observe: () => void statements++ })));
afterAll(() => world.close());

const range = (length: number) => Array.from({ length }, (_, index) => index);

/** Every tenth lead converted, to 500 companies; three history rows for each opportunity. */
function tables(leads: number, title: string): Record<string, Cells[]> {
  const companies = range(500);
  const converted = range(leads / 10);
  const day = (index: number) => `2025-0${1 + (index % 9)}-1${index % 10}`;
  return {
    Account: companies.map((c) => ({
      Id: sfId('001', c),
      Name: `Company ${c} Ltd`,
      Website: `https://company${c}.example.com`,
      ParentId: c % 10 === 0 ? '' : sfId('001', c - (c % 10)),
    })),
    Contact: converted.map((n) => ({
      Id: sfId('003', n),
      LastName: `Person ${n}`,
      AccountId: sfId('001', n % 500),
    })),
    Opportunity: converted.map((n) => ({
      Id: sfId('006', n),
      Name: `Deal ${n}`,
      AccountId: sfId('001', n % 500),
      StageName: 'Qualification',
      Amount: '100.5',
      CloseDate: '2026-01-31',
      CreatedDate: `${day(n)}T08:00:00.000+0000`,
      LastModifiedDate: `${day(n)}T12:00:00.000+0000`,
    })),
    OpportunityHistory: converted.flatMap((n) =>
      ['Prospecting', 'Needs Analysis', 'Qualification'].map((stage, step) => ({
        Id: sfId('008', n * 3 + step),
        OpportunityId: sfId('006', n),
        StageName: stage,
        Amount: '100.5',
        CloseDate: '2026-01-31',
        CreatedDate: `${day(n)}T${9 + step}:00:00.000+0000`.replace('T9', 'T09'),
      })),
    ),
    Lead: range(leads).map((n) => {
      const isConverted = n % 10 === 0;
      const link = (prefix: string, number: number) => (isConverted ? sfId(prefix, number) : '');
      return {
        Id: sfId('00Q', n),
        LastName: `Person ${n}`,
        Company: `Company ${n % 700}`,
        Email: `p${n}@company${n % 600}.example.com`,
        Title: title,
        Status: isConverted ? 'Closed - Converted' : 'Working - Contacted',
        IsConverted: isConverted ? 'true' : 'false',
        ConvertedDate: isConverted ? day(n / 10) : '',
        ConvertedAccountId: link('001', (n / 10) % 500),
        ConvertedContactId: link('003', n / 10),
        ConvertedOpportunityId: link('006', n / 10),
        CreatedDate: '2025-01-02T03:04:05.000+0000',
        OwnerId: sfId('005', n % 20),
      };
    }),
  };
}

/** Its statements are counted from here. */
async function load(organization: Organization, title: string) {
  statements = 0;
  return await importTables(world, organization, tables(3000, title));
}

describe('three thousand leads', () => {
  let organization: Organization;
  beforeAll(async () => void (organization = await world.organization()));

  test('come in by the batch, with what belongs to them', async () => {
    const result = await load(organization, 'CFO');

    expect(result.rejected).toEqual([]);
    expect(result.types).toMatchObject({
      users: { created: 20 },
      accounts: { created: 500 },
      contacts: { created: 300 },
      opportunities: { created: 300 },
      opportunityHistory: { created: 900 },
      leads: { created: 3000 },
      conversions: { created: 300 },
    });
    // Nothing is done row by row.
    expect(statements).toBeLessThan(60);
    const [stored] = await select(
      world,
      organization,
      'select count(*)::int as versions from opportunity_version where organization_id = $org',
    );
    expect(stored).toEqual({ versions: 900 });
  });

  test('are compared by the batch when they come again, and changed where they differ', async () => {
    const again = await load(organization, 'CFO');
    expect(again.types.leads).toEqual({ created: 0, updated: 0, unchanged: 3000, rejected: 0 });
    expect(statements).toBeLessThan(40);

    const changed = await load(organization, 'CEO');
    expect(changed.types.leads).toEqual({ created: 0, updated: 3000, unchanged: 0, rejected: 0 });
    expect(changed.types.conversions.unchanged).toBe(300);
  });
});
