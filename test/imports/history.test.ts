import { record } from '../../src/database/journal.ts';
import { OpportunityEntity } from '../../src/opportunities/opportunity.entity.ts';
import { recordVersion } from '../../src/opportunities/opportunity-history.ts';
import { openWorld, type World } from '../support/world.ts';
import {
  administrator,
  type Cells,
  dump,
  importTables,
  type Organization,
  select,
  sfId,
} from './export-folder.ts';

let world: World;
let organization: Organization;
beforeAll(async () => void (world = await openWorld()));
beforeEach(async () => void (organization = await world.organization()));
afterAll(() => world.close());

const load = (tables: Record<string, Cells[]>) => importTables(world, organization, tables);

const deal = (cells: Cells = {}) => ({
  ...{ Id: sfId('006', 1), Name: 'Deal', StageName: 'Closed Lost', Amount: '100', Probability: '0' },
  ...{ ForecastCategory: 'Omitted', CloseDate: '2026-03-31', IsClosed: 'TRUE', IsWon: 'FALSE' },
  ...{ CreatedDate: '2026-01-01T08:00:00Z', LastModifiedDate: '2026-03-05T10:00:00Z', ...cells },
});

let rowNumber = 0;
const past = (at: string, stage: string, probability: number, category: string, cells: Cells = {}) => ({
  ...{ Id: sfId('008', ++rowNumber), OpportunityId: sfId('006', 1), CreatedDate: at, StageName: stage },
  ...{ Amount: '100', CloseDate: '2026-03-31', Probability: String(probability), ForecastCategory: category },
  ...cells,
});

async function versions() {
  return await select(
    world,
    organization,
    `select s.name as stage, v.amount, v.close_date, v.is_closed, v.is_won, v.valid_from, v.valid_to
      from opportunity_version v join stage s on s.organization_id = $org and s.id = v.stage_id
      where v.organization_id = $org order by v.opportunity_id, v.valid_from`,
  );
}
/** "Stage at time", in order. */
const story = async () =>
  (await versions()).map(({ stage, valid_from }) => `${stage as string} ${valid_from as string}`);
const standing = async () =>
  (
    await select(
      world,
      organization,
      'select closed_at, push_count, is_closed, version from opportunity where organization_id = $org',
    )
  )[0];

describe('with a history file', () => {
  test('the states follow each other by time, equal ones as one, from the creation to the present row', async () => {
    const { types } = await load({
      Opportunity: [deal()],
      OpportunityHistory: [
        past('2026-03-05T10:00:00Z', 'Closed Lost', 0, 'Omitted'),
        past('2026-02-01T10:00:00Z', 'Closed Won', 100, 'Closed'),
        past('2026-01-01T08:00:05Z', 'Prospecting', 10, 'Pipeline'),
        past('2026-01-15T10:00:00Z', 'Prospecting', 10, 'Pipeline'),
      ],
    });
    expect(types.opportunityHistory).toEqual({ created: 4, updated: 0, unchanged: 0, rejected: 0 });
    expect(await versions()).toMatchObject([
      { stage: 'Prospecting', is_closed: false, is_won: false, valid_from: '2026-01-01T08:00:00.000Z', valid_to: '2026-02-01T10:00:00.000Z' },
      { stage: 'Closed Won', is_closed: true, is_won: true, valid_from: '2026-02-01T10:00:00.000Z', valid_to: '2026-03-05T10:00:00.000Z' },
      { stage: 'Closed Lost', is_closed: true, is_won: false, valid_from: '2026-03-05T10:00:00.000Z', valid_to: null },
    ]); // prettier-ignore
    expect(await standing()).toMatchObject({ closed_at: '2026-02-01T10:00:00.000Z' });
  });

  test('rows of one minute keep their order, but the present state comes last', async () => {
    const minute = '03/05/26 10:00 AM';
    await load({
      Opportunity: [deal({ LastModifiedDate: minute })],
      OpportunityHistory: [
        past(minute, 'Closed Lost', 0, 'Omitted'),
        past(minute, 'Prospecting', 10, 'Pipeline'),
        past(minute, 'Needs Analysis', 20, 'Pipeline'),
      ],
    });
    expect(await story()).toEqual([
      'Prospecting 2026-01-01T08:00:00.000Z',
      'Needs Analysis 2026-03-05T10:00:00.000Z',
      'Closed Lost 2026-03-05T10:00:00.001Z',
    ]);
  });

  test('a row that says something newer than the history becomes its last state, when it was last changed', async () => {
    await load({
      Opportunity: [deal({ CloseDate: '2026-04-30' })],
      OpportunityHistory: [
        past('2026-01-01T08:00:00Z', 'Prospecting', 10, 'Pipeline', { CloseDate: '2026-02-28' }),
        past('2026-02-01T08:00:00Z', 'Prospecting', 10, 'Pipeline', { CloseDate: '2026-03-31' }),
        past('2026-02-02T08:00:00Z', 'Prospecting', 10, 'Pipeline', { CloseDate: '2026-03-15' }),
      ],
    });
    expect((await versions()).at(-1)).toMatchObject({
      ...{ stage: 'Closed Lost', close_date: '2026-04-30', valid_from: '2026-03-05T10:00:00.000Z' },
    });
    expect(await standing()).toMatchObject({ push_count: 2, closed_at: '2026-03-05T10:00:00.000Z' });
  });

  test('a row without a last change is newer than the last row of its history', async () => {
    const tables = {
      Opportunity: [deal({ LastModifiedDate: '' })],
      OpportunityHistory: [past('2026-02-01T10:00:00Z', 'Prospecting', 10, 'Pipeline')],
    };
    await load(tables);
    const expected = ['Prospecting 2026-01-01T08:00:00.000Z', 'Closed Lost 2026-02-01T10:00:00.000Z'];
    expect(await story()).toEqual(expected);
    await load(tables);
    expect(await story()).toEqual(expected);
  });

  test('a deal that was closed, opened and closed again counts as closed since the last time', async () => {
    await load({
      Opportunity: [deal()],
      OpportunityHistory: [
        past('2026-01-02T00:00:00Z', 'Closed Won', 100, 'Closed'),
        past('2026-01-03T00:00:00Z', 'Prospecting', 10, 'Pipeline'),
        past('2026-01-04T00:00:00Z', 'Closed Lost', 0, 'Omitted'),
      ],
    });
    expect(await standing()).toMatchObject({ closed_at: '2026-01-04T00:00:00.000Z' });
  });

  test('stages that only the past knows are added', async () => {
    await load({
      Opportunity: [deal()],
      OpportunityHistory: [
        past('2026-01-02T00:00:00Z', 'Legacy Won', 100, 'Closed'),
        past('2026-01-03T00:00:00Z', 'Legacy Open', 40, 'Pipeline'),
      ],
    });
    expect(await versions()).toMatchObject([
      { stage: 'Legacy Won', is_closed: true, is_won: true },
      { stage: 'Legacy Open', is_closed: false, is_won: false },
      { stage: 'Closed Lost' },
    ]);
  });

  test('its bad rows, deleted rows and those of unknown deals stay out', async () => {
    const { types, rejected } = await load({
      Opportunity: [deal()],
      OpportunityHistory: [
        past('2026-01-02T00:00:00Z', 'Prospecting', 10, 'Pipeline', { IsDeleted: 'FALSE' }),
        past('2026-01-03T00:00:00Z', 'Qualification', 10, 'Pipeline', { IsDeleted: 'TRUE' }),
        past('2026-02-30T00:00:00Z', 'Qualification', 10, 'Pipeline'),
        past('2026-01-03T00:00:00Z', 'Qualification', 10, 'Pipeline', { OpportunityId: sfId('006', 9) }),
      ],
    });
    expect(types.opportunityHistory).toEqual({
      created: 1,
      updated: 0,
      unchanged: 0,
      rejected: 2,
      skippedDeleted: 1,
    });
    expect(rejected).toMatchObject([
      { line: 4, column: 'CreatedDate' },
      { line: 5, column: 'OpportunityId', reason: `names no good row of Opportunity.csv: ${sfId('006', 9)}` },
    ]);
  });
});

describe('without a history file', () => {
  test('an open deal is open from its creation', async () => {
    await load({
      Opportunity: [deal({ StageName: 'Qualification', IsClosed: '', ForecastCategory: 'Pipeline' })],
    });
    expect(await story()).toEqual(['Qualification 2026-01-01T08:00:00.000Z']);
    expect(await standing()).toMatchObject({ closed_at: null, push_count: 0 });
  });

  test('a closed one is open from its creation and closed from its close date', async () => {
    await load({ Opportunity: [deal({ CloseDate: '2026-02-01' })] });
    expect(await story()).toEqual([
      'Prospecting 2026-01-01T08:00:00.000Z',
      'Closed Lost 2026-02-01T00:00:00.000Z',
    ]);
    expect(await standing()).toMatchObject({ closed_at: '2026-02-01T00:00:00.000Z' });
  });

  test('a close date after the last change counts as that change', async () => {
    await load({ Opportunity: [deal({ CloseDate: '2026-12-31' })] });
    expect(await story()).toEqual([
      'Prospecting 2026-01-01T08:00:00.000Z',
      'Closed Lost 2026-03-05T10:00:00.000Z',
    ]);
  });

  test('a close date before the creation leaves no time to be open', async () => {
    await load({ Opportunity: [deal({ CloseDate: '2024-02-03' })] });
    expect(await story()).toEqual(['Closed Lost 2026-01-01T08:00:00.000Z']);
  });
});

describe('importing again', () => {
  const prospecting = past('2026-01-01T08:00:00Z', 'Prospecting', 10, 'Pipeline');
  const won = past('2026-02-01T10:00:00Z', 'Closed Won', 100, 'Closed');

  test('the same history changes nothing', async () => {
    const tables = { Opportunity: [deal()], OpportunityHistory: [prospecting, won] };
    await load(tables);
    const before = await dump(world, organization);
    expect((await load(tables)).types.opportunityHistory).toEqual({
      created: 0,
      updated: 0,
      unchanged: 2,
      rejected: 0,
    });
    expect(await dump(world, organization)).toEqual(before);
  });

  test('a history file that was missing replaces what was derived', async () => {
    await load({ Opportunity: [deal()] });
    const { types } = await load({ Opportunity: [deal()], OpportunityHistory: [prospecting, won] });
    expect(types.opportunityHistory.updated).toBe(2);
    expect(await story()).toEqual([
      'Prospecting 2026-01-01T08:00:00.000Z',
      'Closed Won 2026-02-01T10:00:00.000Z',
      'Closed Lost 2026-03-05T10:00:00.000Z',
    ]);
    expect(await standing()).toMatchObject({ closed_at: '2026-02-01T10:00:00.000Z', version: 2 });
  });

  test('a folder without history keeps the one we have and continues it', async () => {
    await load({ Opportunity: [deal()], OpportunityHistory: [prospecting, won] });
    await load({ Opportunity: [deal({ StageName: 'Closed Won', Probability: '100', ForecastCategory: 'Closed', IsWon: '1', LastModifiedDate: '2026-04-01' })] }); // prettier-ignore
    expect(await story()).toEqual([
      'Prospecting 2026-01-01T08:00:00.000Z',
      'Closed Won 2026-02-01T10:00:00.000Z',
      'Closed Lost 2026-03-05T10:00:00.000Z',
      'Closed Won 2026-04-01T00:00:00.000Z',
    ]);
  });

  test('a history that begins later leaves what we have before it', async () => {
    await load({ Opportunity: [deal()], OpportunityHistory: [prospecting, won] });
    const lost = past('2026-03-04T10:00:00Z', 'Closed Lost', 0, 'Omitted');
    await load({ Opportunity: [deal()], OpportunityHistory: [lost] });
    expect(await story()).toEqual([
      'Prospecting 2026-01-01T08:00:00.000Z',
      'Closed Won 2026-02-01T10:00:00.000Z',
      'Closed Lost 2026-03-04T10:00:00.000Z',
    ]);
  });

  test('a creation known better now is where the history begins', async () => {
    await load({ Opportunity: [deal({ CreatedDate: '' })] });
    expect(await story()).toEqual(['Closed Lost 2026-03-05T10:00:00.000Z']);
    await load({ Opportunity: [deal()] });
    expect(await story()).toEqual(['Closed Lost 2026-01-01T08:00:00.000Z']);
    expect(await standing()).toMatchObject({ closed_at: '2026-01-01T08:00:00.000Z' });
  });

  test('what Kontor recorded itself is continued, never rewritten', async () => {
    await load({ Opportunity: [deal()], OpportunityHistory: [prospecting, won] });
    const at = new Date('2026-05-01T00:00Z');
    await world.database.write(organization.tenant, async (tx) => {
      const row = await tx.em.findOneOrFail(OpportunityEntity, { organizationId: organization.id });
      Object.assign(row, { amount: 999n, updatedAt: at });
      await recordVersion(tx, row, at);
      const change = { recordType: 'Opportunity', recordId: row.id, action: 'updateOpportunity', at };
      record(tx, administrator(organization), change);
    });
    await load({ Opportunity: [deal()], OpportunityHistory: [prospecting, won] });

    const stored = await versions();
    expect(stored.map(({ amount }) => amount)).toEqual(['10000', '10000', '10000', '999', '10000']);
    expect(stored[3]).toMatchObject({ valid_from: '2026-05-01T00:00:00.000Z' });
    expect(String(stored[4]!['valid_from']) > '2026-05-01').toBe(true);
    const again = await load({ Opportunity: [deal()], OpportunityHistory: [prospecting, won] });
    expect(again.types.opportunities.unchanged).toBe(1);
  });
});
