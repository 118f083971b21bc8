import { runKills } from './kill-run.ts';

test('killed servers and backends leave no half conversion behind, and lose none that was acknowledged', async () => {
  const report = await runKills({
    ...{ serverKills: 10, backendTerminations: 38, backendKills: 2 },
    ...{ perCycle: 25, clients: 4 },
  });
  expect(report).toMatchObject({
    ...{ serverKills: 10, backendTerminations: 38, backendKills: 2, cycles: 2 },
    ...{ lost: [], partial: [], changed: [], unexpected: [] },
  });
  // Else nothing was shown.
  expect(report.acknowledged).toBeGreaterThan(40);
  expect(report.retries).toBeGreaterThan(0);
}, 1_800_000);
