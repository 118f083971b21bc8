import type { LeadRow, Setting, Team } from './draft.ts';
import { earlier } from './calendar.ts';
import type { Random } from './random.ts';

/** Chances of an unconverted lead to get one step further. */
const REACHES = { mql: 0.62, sal: 0.62, sql: 0.4 };
const MARKETING_QUALIFIED_SCORE = 50;
/** Longest working time, in days, of a lead that came to nothing. */
const LONGEST_REJECTION = 40;

/** How far a lead came: milestones in their order, the score that goes with them, status and owner. */
export function advance(
  setting: Setting,
  random: Random,
  team: Team,
  lead: LeadRow,
  fate: 'open' | 'rejected' | { convertedAt: Date },
): LeadRow {
  const { calendar, statuses } = setting;
  const converted = typeof fate === 'object';
  const rejectedAt = calendar.workMoment(
    random,
    lead.createdAt,
    earlier(calendar.plusDays(lead.createdAt, random.integer(3, LONGEST_REJECTION)), calendar.today),
  );
  const until = converted
    ? fate.convertedAt
    : fate === 'rejected'
      ? rejectedAt
      : earlier(calendar.plusDays(lead.createdAt, 25), calendar.today);

  const [mqlAt, salAt, sqlAt] = milestones(
    setting,
    random,
    lead.createdAt,
    until,
    stepsOf(random, converted),
  );
  const isAccepted = salAt !== null;
  const isWaiting = fate === 'open' && !isAccepted && random.chance(0.6);
  const lastStep = sqlAt ?? salAt ?? mqlAt ?? lead.createdAt;
  return {
    ...lead,
    mqlAt,
    salAt,
    sqlAt,
    score: score(random, mqlAt !== null, converted),
    ownerId: isWaiting ? null : random.pick(team.sdrs).id,
    queueId: isWaiting ? team.inbound.id : null,
    statusId: converted
      ? statuses.converted
      : fate === 'rejected'
        ? statuses.rejected
        : isAccepted || (!isWaiting && random.chance(0.4))
          ? statuses.working
          : statuses.fresh,
    isConverted: converted,
    convertedAt: converted ? fate.convertedAt : null,
    updatedAt: fate === 'open' ? lastStep : until,
  };
}

function stepsOf(random: Random, converted: boolean): number {
  if (converted) return 3;
  if (!random.chance(REACHES.mql)) return 0;
  if (!random.chance(REACHES.sal)) return 1;
  return random.chance(REACHES.sql) ? 3 : 2;
}

/** MQL, SAL and SQL: the first `count` of them, each after the one before. */
function milestones(
  { calendar }: Setting,
  random: Random,
  from: Date,
  until: Date,
  count: number,
): [Date | null, Date | null, Date | null] {
  const moments = Array.from({ length: count }, () => calendar.between(random, from, until)).sort(
    (a, b) => a.getTime() - b.getTime(),
  );
  return [moments[0] ?? null, moments[1] ?? null, moments[2] ?? null];
}

/** Marketing automation qualifies by score; a few leads have none. */
function score(random: Random, isQualified: boolean, converted: boolean): number | null {
  if (converted) return random.integer(60, 100);
  if (isQualified) return random.integer(MARKETING_QUALIFIED_SCORE, 92);
  return random.chance(0.12) ? null : random.integer(0, MARKETING_QUALIFIED_SCORE - 1);
}
