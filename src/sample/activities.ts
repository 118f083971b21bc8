import { ActivityDirection, ActivityType } from '../activities/activity.enums.ts';
import { type ActivityRow, newRow, type Setting } from './draft.ts';
import type { Random } from './random.ts';

const { INBOUND, OUTBOUND } = ActivityDirection;

/** Whom and what an activity belongs to. */
export type ActivityLinks = Pick<ActivityRow, 'leadId' | 'contactId' | 'accountId' | 'opportunityId'>;

/** What lasts has minutes of its own; all else counts as the organisation's settings say. */
const MINUTES: Partial<Record<ActivityType, number>> = {
  [ActivityType.WEBINAR]: 30,
  [ActivityType.MEETING]: 30,
  [ActivityType.EVENT]: 120,
  [ActivityType.CALL]: 8,
};

const SUBJECTS: Record<ActivityType, string[]> = {
  [ActivityType.PAGE_VIEW]: ['Viewed prices', 'Viewed the product tour', 'Viewed customer stories'],
  [ActivityType.FORM]: ['Asked for a demo', 'Asked to be called', 'Asked for prices'],
  [ActivityType.REPLY]: ['Re: Next steps', 'Re: Your question', 'Re: Meeting next week'],
  [ActivityType.DOWNLOAD]: ['Account Planning Guide', 'Buying Group Playbook', 'Security Overview'],
  [ActivityType.WEBINAR]: ['Pipeline Health', 'Forecasting, Part 1', 'Forecasting, Part 2'],
  [ActivityType.MEETING]: ['Discovery', 'Demo', 'Proposal review', 'Planning with the buying group'],
  [ActivityType.EVENT]: ['Autumn Trade Show', 'Spring Field Day'],
  [ActivityType.EMAIL]: ['Introduction', 'Next steps', 'Your question', 'Meeting next week'],
  [ActivityType.CALL]: ['First call', 'Follow-up call', 'Call about the proposal'],
  [ActivityType.TASK]: ['Send the proposal', 'Prepare the demo', 'Call back', 'Clarify the budget'],
  [ActivityType.OTHER]: ['Note'],
};

/** Something the person did. */
export function inbound(
  setting: Setting,
  random: Random,
  type: ActivityType,
  at: Date,
  links: Partial<ActivityLinks>,
): ActivityRow {
  return activity(setting, random, type, at, links, { direction: INBOUND, minutes: MINUTES[type] ?? null });
}

/** Something we did; the calls' and meetings' length varies. */
export function outbound(
  setting: Setting,
  random: Random,
  type: ActivityType,
  at: Date,
  links: Partial<ActivityLinks>,
  ownerId: string | null,
): ActivityRow {
  const minutes =
    type === ActivityType.CALL
      ? random.integer(1, 25)
      : type === ActivityType.MEETING
        ? random.pick([30, 45, 60])
        : null;
  return activity(setting, random, type, at, links, { direction: OUTBOUND, minutes, ownerId });
}

/** Something still to do: it occurs when it is due. */
export function openTask(
  setting: Setting,
  random: Random,
  dueAt: Date,
  links: Partial<ActivityLinks>,
  ownerId: string | null,
): ActivityRow {
  const at = setting.calendar.workMoment(random, setting.calendar.daysAgo(6), setting.calendar.today);
  const row = activity(setting, random, ActivityType.TASK, at, links, {
    direction: null,
    minutes: null,
    ownerId,
  });
  return { ...row, occurredAt: dueAt, isOpen: true };
}

/** How we may write to or call somebody; null: not at all. */
export function allowedOutreach(
  random: Random,
  person: { emailOptOut: boolean; doNotCall: boolean; email: string | null },
): ActivityType | null {
  const mayWrite = !person.emailOptOut && person.email !== null;
  if (mayWrite && (person.doNotCall || random.chance(0.6))) return ActivityType.EMAIL;
  return person.doNotCall ? null : ActivityType.CALL;
}

function activity(
  setting: Setting,
  random: Random,
  type: ActivityType,
  at: Date,
  links: Partial<ActivityLinks>,
  done: { direction: ActivityDirection | null; minutes: number | null; ownerId?: string | null },
): ActivityRow {
  return {
    ...newRow(setting, random, at),
    type,
    subject: random.pick(SUBJECTS[type]),
    direction: done.direction,
    minutes: done.minutes,
    occurredAt: at,
    isOpen: false,
    leadId: null,
    contactId: null,
    accountId: null,
    opportunityId: null,
    ...links,
    ownerId: done.ownerId ?? null,
  };
}
