import { STANDARD_STAGES } from '../../src/identity/standard-values.ts';
import { Calendar } from '../../src/sample/calendar.ts';
import type { Setting } from '../../src/sample/draft.ts';
import { draftSample } from '../../src/sample/draft-sample.ts';
import { Random } from '../../src/sample/random.ts';

const stages = STANDARD_STAGES.map((stage) => ({ ...stage, id: stage.name }));
const [won, lost] = stages.filter((stage) => stage.isClosed);

function settingOf(seed: number, openStages: number, now: Date): Setting {
  const organization = {
    id: '0',
    name: 'Any',
    currency: 'EUR',
    timeZone: 'Asia/Tokyo',
    fiscalYearStartMonth: 1,
  };
  return {
    organization,
    calendar: new Calendar(now, organization.timeZone),
    random: new Random(seed),
    stages: { open: stages.filter((stage) => !stage.isClosed).slice(0, openStages), won: won!, lost: lost! },
    statuses: { fresh: 'fresh', working: 'working', converted: 'converted', rejected: 'rejected' },
  };
}

test('any seed on any day gives a whole sample, with few stages too', () => {
  for (let seed = 0; seed < 16; seed++) {
    const now = new Date(Date.UTC(2026, seed, 1 + 2 * seed, seed));
    const sample = draftSample(settingOf(seed, seed % 4 === 0 ? 1 : 8, now));
    const { accounts, contacts, leads, opportunities, conversions } = sample;
    expect([accounts, contacts, leads, opportunities, conversions].map((rows) => rows.length)).toEqual([
      60, 250, 180, 220, 50,
    ]);
    const ids = Object.values(sample).flatMap((rows) =>
      Array.isArray(rows) ? rows.map(({ id }) => id) : [],
    );
    expect(new Set(ids).size).toBe(ids.length);
    const emails = contacts.flatMap(({ email }) => email ?? []);
    expect(new Set(emails).size).toBe(emails.length);
    // Two companies were entered twice, on purpose.
    expect(new Set(accounts.map(({ matchKey }) => matchKey)).size).toBe(58);
  }
});
