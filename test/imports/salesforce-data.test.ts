import { importSalesforce } from '../../src/imports/salesforce-import.ts';
import { realExports, whereRealExports } from '../support/real-exports.ts';
import { openWorld, type World } from '../support/world.ts';
import { administrator, dump, type Organization, select } from './export-folder.ts';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.close());

const counts = (created: number) => ({ created, updated: 0, unchanged: 0, rejected: 0 });
const unchanged = (rows: number) => ({ created: 0, updated: 0, unchanged: rows, rejected: 0 });

/** What the real exports have no files of. */
const notThere = <T>(nothing: T) => ({
  ...{ campaigns: nothing, campaignMembers: nothing, contactRoles: nothing, tasks: nothing, events: nothing },
});

async function one(organization: Organization, text: string): Promise<Record<string, unknown>> {
  return (await select(world, organization, text))[0]!;
}

whereRealExports('the export of a developer organisation', () => {
  let organization: Organization;
  const load = () =>
    importSalesforce(world.database, organization, administrator(organization), {
      dir: realExports.devorg,
    });

  beforeAll(async () => void (organization = await world.organization({ currency: 'USD' })));

  test('comes in whole', async () => {
    const result = await load();

    expect(result.rejected).toEqual([]);
    expect(result.types).toEqual({
      users: counts(1),
      accounts: counts(18),
      contacts: counts(25),
      leads: counts(22),
      opportunities: counts(36),
      opportunityHistory: counts(48),
      conversions: counts(5),
      ...notThere(counts(0)),
    });
  });

  test('has the five converted leads with all their links, and leaves those only labelled so open', async () => {
    const rows = await select(
      world,
      organization,
      `select l.first_name, a.name as account, c.last_name as contact, o.name as opportunity, r.is_primary,
          v.is_imported, v.account_outcome, l.converted_at = v.converted_at as same_time, v.converted_at
        from lead l
        left join lead_conversion v on v.organization_id = $org and v.lead_id = l.id
        left join account a on a.organization_id = $org and a.id = v.account_id
        left join contact c on c.organization_id = $org and c.id = v.contact_id and c.account_id = a.id
        left join opportunity o on o.organization_id = $org and o.id = v.opportunity_id and o.account_id = a.id
        left join opportunity_contact_role r on r.organization_id = $org and r.opportunity_id = o.id and r.contact_id = c.id
        where l.organization_id = $org and l.is_converted order by l.last_name`,
    );
    const shared = { is_primary: true, is_imported: true, account_outcome: null, same_time: true };
    expect(rows).toEqual([
      { first_name: 'Betty', account: 'American Banking Corp.', contact: 'Bair', opportunity: 'American Banking Corp.-', ...shared, converted_at: '2026-02-24T02:18:00.000Z' },
      { first_name: 'Bertha', account: 'Farmers Coop. of Florida', contact: 'Boxer', opportunity: 'Farmers Coop. of Florida-', ...shared, converted_at: '2026-02-24T02:18:00.000Z' },
      { first_name: 'Bill', account: 'Zenith Industrial Partners', contact: 'Dadio Jr', opportunity: 'Zenith Industrial Partners-', ...shared, converted_at: '2026-02-24T02:19:00.000Z' },
      { first_name: 'Jeff', account: 'Jackson Controls', contact: 'Glimpse', opportunity: 'Jackson Controls', ...shared, converted_at: '2026-02-24T02:15:00.000Z' },
      { first_name: 'Brenda', account: 'Cadinal Inc.', contact: 'Mcclure', opportunity: 'Cadinal Inc.-', ...shared, converted_at: '2026-02-24T02:19:00.000Z' },
    ]); // prettier-ignore
    const labelled = await one(
      organization,
      `select count(*)::int as leads, bool_or(l.is_converted) as any_converted
        from lead l join lead_status s on s.organization_id = $org and s.id = l.status_id
        where l.organization_id = $org and s.name = 'Closed - Converted' and l.converted_at is null`,
    );
    expect(labelled).toEqual({ leads: 3, any_converted: false });
  });

  test('has the pipeline its owner sees', async () => {
    const pipeline = await one(
      organization,
      `select count(*) filter (where not is_closed and forecast_category <> 'OMITTED')::int as open,
          sum(amount) filter (where not is_closed) / 100 as open_amount,
          count(*) filter (where not is_closed and amount is null)::int as open_without_amount,
          round(sum(amount * probability) filter (where not is_closed and forecast_category <> 'OMITTED') / 100 / 100, 2) as weighted,
          count(*) filter (where is_won)::int as won, sum(amount) filter (where is_won) / 100 as won_amount,
          count(*) filter (where is_closed and not is_won)::int as lost, array_agg(distinct currency) as currencies
        from opportunity where organization_id = $org`,
    );
    expect(pipeline).toMatchObject({ open: 16, open_without_amount: 3, weighted: '1094500.00' });
    expect([Number(pipeline['open_amount']), Number(pipeline['won_amount'])]).toEqual([2_115_000, 2_815_000]);
    expect(pipeline).toMatchObject({ won: 12, lost: 8, currencies: ['USD'] });
  });

  test('remembers the seven deals that were won for two weeks before they were lost', async () => {
    const between = await one(
      organization,
      `select count(*)::int as deals, sum(v.amount) / 100 as amount, count(*) filter (where o.is_won)::int as still_won
        from opportunity_version v join opportunity o on o.organization_id = $org and o.id = v.opportunity_id
        where v.organization_id = $org and v.is_won and not o.is_won
          and v.valid_from <= '2026-03-01' and v.valid_to > '2026-03-01'`,
    );
    expect({ ...between, amount: Number(between['amount']) }).toEqual({
      deals: 7,
      amount: 830_000,
      still_won: 0,
    });
  });

  test('has a gapless history of each deal that ends in its row', async () => {
    const broken = await one(
      organization,
      `select count(*) filter (where not ok)::int as broken, count(*)::int as versions from (
        select case when v.valid_to is null
            then (v.stage_id, v.amount, v.probability, v.close_date, v.is_closed, v.is_won, v.forecast_category, v.currency)
              is not distinct from (o.stage_id, o.amount, o.probability, o.close_date, o.is_closed, o.is_won, o.forecast_category, o.currency)
            else lead(v.valid_from) over (partition by v.opportunity_id order by v.valid_from) = v.valid_to end
          and (lag(v.id) over (partition by v.opportunity_id order by v.valid_from) is not null or v.valid_from = o.created_at) as ok
        from opportunity_version v join opportunity o on o.organization_id = $org and o.id = v.opportunity_id
        where v.organization_id = $org) checked`,
    );
    expect(broken).toMatchObject({ broken: 0 });
  });

  test('changes nothing at all when it comes again', async () => {
    const before = await dump(world, organization);
    const again = await load();

    expect(again.types).toEqual({
      users: unchanged(1),
      accounts: unchanged(18),
      contacts: unchanged(25),
      leads: unchanged(22),
      opportunities: unchanged(36),
      opportunityHistory: unchanged(48),
      conversions: unchanged(5),
      ...notThere(unchanged(0)),
    });
    expect(await dump(world, organization)).toEqual(before);
  });
});

whereRealExports('the export of a demo organisation', () => {
  test('comes in whole, with its own stages and statuses in their places, and changes nothing again', async () => {
    const organization = await world.organization();
    const load = () =>
      importSalesforce(world.database, organization, administrator(organization), {
        dir: realExports.sfdcassets,
      });
    const result = await load();

    expect(result.rejected).toEqual([]);
    expect(result.types).toMatchObject({
      users: counts(2),
      accounts: counts(94),
      contacts: counts(64),
      leads: counts(14),
      opportunities: counts(58),
    });
    const stages = await one(
      organization,
      'select array_agg(name order by position) as names from stage where organization_id = $org',
    );
    expect((stages['names'] as string[]).slice(6)).toEqual(
      ['Proposal/Price Quote', 'Proposal', 'Negotiation/Review', 'Negotiation', 'Closed Won', 'Closed Lost'], // prettier-ignore
    );
    const before = await dump(world, organization);
    const again = await load();
    expect(again.types.opportunities).toEqual(unchanged(58));
    expect(await dump(world, organization)).toEqual(before);
  });
});
