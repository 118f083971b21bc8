import fc from 'fast-check';
import { checkOrganization } from '../../src/database/check.ts';
import type { Role } from '../../src/identity/identity.enums.ts';
import { callerOf, type Data } from '../support/graphql.ts';
import { runs } from '../support/runs.ts';
import { openWorld, type World } from '../support/world.ts';
import { ask, expectConverted, expectPlan, expectRefusal, Seen } from './agreement.ts';
import * as api from './api.ts';
import { stage } from './build.ts';
import { predict, right } from './model/convert.ts';
import type { Fault } from './model/records.ts';
import { type Scene, scene } from './scenes.ts';
import { comparable, stored } from './stored.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const seen = new Seen();
/** What the seed's cases hold even in a short run. */
const CLASSES = [
  ...['account: CREATED', 'account: MERGED', 'account: ATTACHED', 'contact: CREATED', 'contact: MERGED'],
  ...['opportunity: CREATED', 'opportunity: MERGED', 'opportunity: ATTACHED'],
  ...['field: FILLED', 'field: KEPT', 'field: OVERWRITTEN', 'field: DROPPED'],
  ...['custom field: FILLED', 'custom field: KEPT', 'custom field: OVERWRITTEN', 'custom field: given'],
  ...['converted', 'converted by plan', 'warned', 'several sources'],
  ...['CONTACT_NOT_IN_ACCOUNT', 'DUPLICATE_FOUND', 'FORBIDDEN', 'HUMAN_REVIEW_REQUIRED', 'INVALID_INPUT'].map(
    (code) => `refused: ${code}`,
  ),
  ...['INVALID_CONVERTED_STATUS', 'LEAD_CONVERTED', 'NOT_FOUND', 'OPPORTUNITY_CLOSED', 'OWNER_REQUIRED'].map(
    (code) => `refused: ${code}`,
  ),
  ...['OPPORTUNITY_NOT_IN_ACCOUNT', 'STALE_VERSION'].map((code) => `refused: ${code}`),
];

async function run(of: Scene): Promise<void> {
  const { sales, wish } = await stage(world, of);
  const caller = await callerOf(world, { ...sales.organization, adminId: sales.ownerId }, of.role as Role);
  const before = await stored(sales);
  const asker = { userId: caller.principal.userId, role: of.role };
  const predicted = predict(before, wish, asker, new Date());

  const preview = (await ask(caller, api.PREVIEW, 'previewLeadConversion', api.asInput(wish))) as Data;
  if ('faults' in predicted) expectRefusal(preview, predicted.faults, seen);
  else {
    expect(preview['userErrors']).toEqual([]);
    expectPlan(preview['plan'], predicted);
  }
  const { lead } = api.asInput(wish);
  const byPlan = of.byToken && preview['plan'] ? { lead, planToken: preview['plan'].planToken } : undefined;
  const payload = await ask(caller, api.CONVERT, 'convertLead', byPlan ?? api.asInput(wish));

  const may = right(of.role);
  if (may === 'CONVERT' && !('faults' in predicted)) {
    await expectConverted(payload as Data, predicted, sales, seen);
    seen.note(byPlan ? 'converted by plan' : 'converted');
    expect(await checkOrganization(world.database, sales.organization.id)).toEqual([]);
    return;
  }
  if (may === 'NONE') {
    expect(payload).toBe('FORBIDDEN');
    seen.note('refused: FORBIDDEN');
  } else if (may === 'PROPOSE') expectRefusal(payload, [{ code: 'HUMAN_REVIEW_REQUIRED', path: '' }], seen);
  else expectRefusal(payload, (predicted as { faults: Fault[] }).faults, seen);
  expect(comparable(await stored(sales))).toEqual(comparable(before));
}

const USUAL = 120;
const RUNS = runs(USUAL);

test('whatever is asked, model, preview and conversion agree in everything', async () => {
  await fc.assert(fc.asyncProperty(scene, run), { numRuns: RUNS, seed: 20_261_122 });
}, 86_400_000);

test('the cases held what they are to show', () => {
  if (RUNS !== USUAL) process.stderr.write(`${seen}\n`);
  expect(seen.missing(CLASSES)).toEqual([]);
});
