import { LeadConversionEntity } from '../../src/conversion/conversion.entity.ts';
import { checkOrganization } from '../../src/database/check.ts';
import { LeadHandoffEntity } from '../../src/handoffs/handoff.entity.ts';
import { LeadEntity } from '../../src/leads/lead.entity.ts';
import { openWorld, type World } from '../support/world.ts';
import { type Cells, dump, importTables, type Organization, rowsOf, select, sfId } from './export-folder.ts';

let world: World;
let organization: Organization;
beforeAll(async () => void (world = await openWorld()));
beforeEach(async () => void (organization = await world.organization({ timeZone: 'Europe/Berlin' })));
afterAll(() => world.close());

const load = (tables: Record<string, Cells[]>) => importTables(world, organization, tables);
const [account, contact, deal, lead] = [sfId('001', 1), sfId('003', 1), sfId('006', 1), sfId('00Q', 1)];

const CreatedDate = '2026-02-01';
const base = () => ({
  Account: [{ Id: account, Name: 'Acme', CreatedDate }],
  Contact: [{ Id: contact, LastName: 'Boxer', AccountId: account, CreatedDate }],
  Opportunity: [
    {
      Id: deal,
      Name: 'Acme-',
      AccountId: account,
      StageName: 'Prospecting',
      CloseDate: '2026-03-31',
      CreatedDate,
    },
  ],
});
const converted = (cells: Cells = {}) => ({
  ...{ Id: lead, LastName: 'Boxer', Company: 'Acme', Status: 'Closed - Converted', IsConverted: 'TRUE' },
  ...{ ConvertedDate: '02/24/26', ConvertedAccountId: account, ConvertedContactId: contact },
  ...{ ConvertedOpportunityId: deal, LastModifiedDate: '02/24/26 02:18 AM', ...cells },
});

const lineage = () =>
  select(
    world,
    organization,
    `select v.converted_at, a.name as account, c.last_name as contact, o.name as opportunity, v.account_outcome,
        v.contact_outcome, v.opportunity_outcome, v.is_imported, v.converted_by_id
      from lead_conversion v
      left join account a on a.organization_id = $org and a.id = v.account_id
      left join contact c on c.organization_id = $org and c.id = v.contact_id
      left join opportunity o on o.organization_id = $org and o.id = v.opportunity_id
      where v.organization_id = $org order by v.converted_at`,
  );
const roles = () =>
  select(
    world,
    organization,
    `select c.last_name as contact, r.is_primary, r.role
      from opportunity_contact_role r join contact c on c.organization_id = $org and c.id = r.contact_id
      where r.organization_id = $org order by c.last_name`,
  );
const leads = () => rowsOf(world, organization, 'lead', 'last_name, is_converted, converted_at, version');

test('a converted lead has its lineage, with outcomes nobody knows, and its contact is primary on its deal', async () => {
  const { types } = await load({ ...base(), Lead: [converted()] });

  expect(types.conversions).toEqual({ created: 1, updated: 0, unchanged: 0, rejected: 0 });
  expect(await lineage()).toEqual([
    {
      ...{
        converted_at: '2026-02-24T01:18:00.000Z',
        account: 'Acme',
        contact: 'Boxer',
        opportunity: 'Acme-',
      },
      ...{ account_outcome: null, contact_outcome: null, opportunity_outcome: null },
      ...{ is_imported: true, converted_by_id: null },
    },
  ]);
  expect(await leads()).toMatchObject([{ is_converted: true, converted_at: '2026-02-24T01:18:00.000Z' }]);
  expect(await roles()).toEqual([{ contact: 'Boxer', is_primary: true, role: null }]);
});

test('the moment is the last change when that was on the day of the conversion, else the beginning of that day', async () => {
  const at = async (cells: Cells) => {
    organization = await world.organization({ timeZone: 'Europe/Berlin' });
    await load({ ...base(), Lead: [converted(cells)] });
    return (await lineage())[0]!['converted_at'];
  };
  expect(await at({ LastModifiedDate: '03/07/26 09:00 PM' })).toBe('2026-02-23T23:00:00.000Z');
  expect(await at({ LastModifiedDate: '' })).toBe('2026-02-23T23:00:00.000Z');
  expect(await at({ ConvertedDate: '' })).toBe('2026-02-24T01:18:00.000Z');
  expect(await at({ ConvertedDate: '2026-02-24T10:00:00Z' })).toBe('2026-02-24T10:00:00.000Z');
  expect(await at({ CreatedDate: '2026-02-24T12:00:00Z', LastModifiedDate: '' })).toBe(
    '2026-02-24T12:00:00.000Z',
  );
});

test('a lead only labelled converted stays open under its label, its links ignored', async () => {
  await load({ ...base(), Lead: [converted({ IsConverted: 'FALSE' })] });
  expect(await leads()).toMatchObject([{ is_converted: false, converted_at: null }]);
  expect(await lineage()).toEqual([]);
  expect(await roles()).toEqual([]);
  const [status] = await select(
    world,
    organization,
    'select s.name, s.is_converted from lead l join lead_status s on s.organization_id = $org and s.id = l.status_id where l.organization_id = $org',
  );
  expect(status).toEqual({ name: 'Closed - Converted', is_converted: true });
});

test('links a conversion never had stay empty, those to deleted records too; those to nothing reject the lead', async () => {
  const { rejected, notes, types } = await load({
    ...base(),
    Opportunity: [{ ...base().Opportunity[0]!, IsDeleted: 'TRUE' }],
    Lead: [
      converted({ Id: sfId('00Q', 1), ConvertedOpportunityId: '', ConvertedContactId: '' }),
      converted({ Id: sfId('00Q', 2), ConvertedDate: '02/25/26' }),
      converted({ Id: sfId('00Q', 3), ConvertedContactId: sfId('003', 9) }),
    ],
  });
  expect(await lineage()).toMatchObject([
    { account: 'Acme', contact: null, opportunity: null },
    { account: 'Acme', contact: 'Boxer', opportunity: null },
  ]);
  expect(notes).toContain('1 links of conversions name deleted records and were left empty');
  expect(rejected).toMatchObject([{ file: 'Lead.csv', line: 4, column: 'ConvertedContactId' }]);
  expect(types.leads).toMatchObject({ created: 2, rejected: 1 });
});

test('of two leads that fed one deal the earlier one names the primary contact', async () => {
  const second = { Id: sfId('003', 2), LastName: 'Akin', AccountId: account };
  await load({
    ...base(),
    Contact: [...base().Contact, second],
    Lead: [
      converted({ Id: sfId('00Q', 2), ConvertedContactId: second.Id, ConvertedDate: '02/25/26' }),
      converted(),
    ],
  });
  expect(await roles()).toEqual([
    { contact: 'Akin', is_primary: false, role: null },
    { contact: 'Boxer', is_primary: true, role: null },
  ]);
});

describe('when it comes again', () => {
  test('a lead converted in Salesforce meanwhile becomes converted', async () => {
    await load({ ...base(), Lead: [converted({ IsConverted: 'FALSE', Status: 'Working - Contacted' })] });
    const { types } = await load({ ...base(), Lead: [converted()] });
    expect(types).toMatchObject({ leads: { updated: 1 }, conversions: { created: 1 } });
    expect(await leads()).toMatchObject([{ is_converted: true, version: 2 }]);
  });

  test('a lead that waits for an AE and was converted in Salesforce meanwhile waits no longer', async () => {
    await load({
      ...base(),
      Lead: [{ Id: lead, LastName: 'Boxer', Status: 'Open - Not Contacted', CreatedDate }],
    });
    const [row] = await select<{ id: string }>(
      world,
      organization,
      'select id from lead where organization_id = $org',
    );
    const at = new Date('2026-02-10T09:00:00Z');
    await world.database.write(organization.tenant, async ({ em }) => {
      em.create(LeadHandoffEntity, {
        ...{ organizationId: organization.id, id: row!.id, leadId: row!.id, toUserId: organization.adminId },
        ...{ handedAt: at, createdAt: at, updatedAt: at },
      });
    });
    await load({ ...base(), Lead: [converted()] });
    expect(
      await select(
        world,
        organization,
        'select decision, reason, version from lead_handoff where organization_id = $org',
      ),
    ).toEqual([{ decision: 'WITHDRAWN', reason: 'The lead was imported as converted', version: 2 }]);
    expect(await checkOrganization(world.database, organization.id)).toEqual([]);
  });

  test('a conversion whose links changed follows them', async () => {
    await load({ ...base(), Lead: [converted({ ConvertedOpportunityId: '' })] });
    const { types } = await load({ ...base(), Lead: [converted()] });
    expect(types.conversions).toEqual({ created: 0, updated: 1, unchanged: 0, rejected: 0 });
    expect(await lineage()).toMatchObject([{ opportunity: 'Acme-' }]);
  });

  test('a conversion without any date keeps the moment of its first import', async () => {
    const undated = converted({ ConvertedDate: '', LastModifiedDate: '' });
    await load({ ...base(), Lead: [undated] });
    const before = await dump(world, organization);
    await load({ ...base(), Lead: [undated] });
    expect(await dump(world, organization)).toEqual(before);
  });

  test('a lead converted in Kontor is not touched, whatever the file says of it', async () => {
    const open = converted({ IsConverted: 'FALSE', Status: 'Working - Contacted', LastModifiedDate: '' });
    await load({ ...base(), Lead: [open] });
    const at = new Date('2026-05-01T00:00Z');
    await world.database.write(organization.tenant, async ({ em }) => {
      const row = await em.findOneOrFail(LeadEntity, { organizationId: organization.id });
      Object.assign(row, { isConverted: true, convertedAt: at });
      em.create(LeadConversionEntity, {
        organizationId: organization.id,
        id: organization.adminId,
        leadId: row.id,
        convertedAt: at,
        accountOutcome: 'CREATED' as never,
      });
    });
    const before = await dump(world, organization);
    for (const row of [{ ...open, LastName: 'Changed' }, converted({ LastName: 'Changed' })]) {
      const { types, notes } = await load({ ...base(), Lead: [row] });
      expect(types.leads).toEqual({ created: 0, updated: 0, unchanged: 1, rejected: 0 });
      expect(types.conversions).toEqual({ created: 0, updated: 0, unchanged: 0, rejected: 0 });
      expect(notes).toContain(
        '1 leads were converted (or their conversion reverted) in Kontor and were left alone',
      );
    }
    expect(await dump(world, organization)).toEqual(before);
  });

  test('an imported conversion that was reverted in Kontor stays reverted', async () => {
    await load({ ...base(), Lead: [converted()] });
    await world.database.write(organization.tenant, async ({ em }) => {
      const { id: organizationId } = organization;
      const row = await em.findOneOrFail(LeadEntity, { organizationId });
      Object.assign(row, { isConverted: false, convertedAt: null });
      const conversion = await em.findOneOrFail(LeadConversionEntity, { organizationId });
      conversion.revertedAt = new Date('2026-05-01T00:00Z');
    });
    const before = await dump(world, organization);
    expect((await load({ ...base(), Lead: [converted()] })).types.leads.unchanged).toBe(1);
    expect(await dump(world, organization)).toEqual(before);
  });
});
