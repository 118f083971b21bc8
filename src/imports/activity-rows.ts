import { ActivityDirection, ActivityType } from '../activities/activity.enums.ts';
import { boolean, date, id, instant, minutes, type Reading, secondsAsMinutes } from './cell-values.ts';
import { type CsvRow, RowProblem } from './csv-table.ts';
import type { FileShape } from './drafts.ts';
import type { ImportReport } from './import-report.ts';

export interface ActivityDraft {
  type: ActivityType;
  direction: ActivityDirection | null;
  subject: string | null;
  minutes: number | null;
  occurredAt: Date;
  isOpen: boolean;
  whoId: string | null;
  whatId: string | null;
  ownerId: string | null;
  /** Of another row: an invitation to one of us, or the plan of a series. */
  isCopy: boolean;
}

/** Tested in this order. */
const TYPES: [RegExp, ActivityType][] = [
  [/\brepl(y|ied)\b/i, ActivityType.REPLY],
  [/e-?mail/i, ActivityType.EMAIL],
  [/\bcall|phone/i, ActivityType.CALL],
  [/webinar/i, ActivityType.WEBINAR],
  [/page ?view|web ?visit/i, ActivityType.PAGE_VIEW],
  [/meeting|demo|visit|appointment/i, ActivityType.MEETING],
  [/\bevent|trade ?show|conference|\bfair\b/i, ActivityType.EVENT],
  [/download/i, ActivityType.DOWNLOAD],
  [/\bform\b/i, ActivityType.FORM],
  [/^(to-?do|task)$/i, ActivityType.TASK],
  [/^other$/i, ActivityType.OTHER],
];

/** The type of the label; one of the organisation's own becomes `usual`, and is told in the report. */
function typeOf(row: CsvRow, usual: ActivityType, report: ImportReport): ActivityType {
  const label = row.text('Type');
  if (label === null) return usual;
  const type = TYPES.find(([words]) => words.test(label))?.[1];
  if (!type) report.note(`{n} activities have the type "${label.trim()}", which Kontor keeps as ${usual}`);
  return type ?? usual;
}

/** Whose move an activity of the type is; what a person spends with us counts as theirs. */
const DIRECTIONS: Partial<Record<ActivityType, ActivityDirection>> = {
  [ActivityType.EMAIL]: ActivityDirection.OUTBOUND,
  [ActivityType.CALL]: ActivityDirection.OUTBOUND,
  [ActivityType.REPLY]: ActivityDirection.INBOUND,
  [ActivityType.PAGE_VIEW]: ActivityDirection.INBOUND,
  [ActivityType.DOWNLOAD]: ActivityDirection.INBOUND,
  [ActivityType.WEBINAR]: ActivityDirection.INBOUND,
  [ActivityType.MEETING]: ActivityDirection.INBOUND,
  [ActivityType.EVENT]: ActivityDirection.INBOUND,
  [ActivityType.FORM]: ActivityDirection.INBOUND,
};

const CALL_TYPES: Record<string, ActivityDirection | null> = {
  inbound: ActivityDirection.INBOUND,
  outbound: ActivityDirection.OUTBOUND,
  internal: null,
};

function directionOf(row: CsvRow, type: ActivityType): ActivityDirection | null {
  const usual = DIRECTIONS[type] ?? null;
  const called = CALL_TYPES[row.text('CallType')?.trim().toLowerCase() ?? ''];
  return type === ActivityType.CALL && called !== undefined ? called : usual;
}

function common(row: CsvRow) {
  return {
    subject: row.text('Subject'),
    whoId: row.read('WhoId', id),
    whatId: row.read('WhatId', id),
    ownerId: row.read('OwnerId', id),
    isCopy: (row.read('IsChild', boolean) ?? false) || (row.read('IsRecurrence', boolean) ?? false),
  };
}

/** The subtype is Salesforce's own and so more certain than the label. */
function taskType(row: CsvRow, report: ImportReport): ActivityType {
  const subtype = row.text('TaskSubtype')?.trim().toLowerCase();
  if (subtype === 'call') return ActivityType.CALL;
  const type = typeOf(row, ActivityType.TASK, report);
  if (subtype === 'email' || subtype === 'listemail')
    return type === ActivityType.REPLY ? type : ActivityType.EMAIL;
  return type;
}

function isTaskOpen(row: CsvRow): boolean {
  const isClosed = row.read('IsClosed', boolean);
  if (isClosed !== null) return !isClosed;
  const status = row.text('Status');
  return status !== null && !/complete|closed|done/i.test(status);
}

/**
 * When a task was done: its completion, else its day, to the moment when it was written down on that same day. One done
 * before its day, without a completion, was done at its last change at the latest.
 */
function taskMoment(row: CsvRow, isOpen: boolean, reading: Reading): Date {
  const at = (column: string) => row.read(column, (text) => instant(text, reading));
  const day = (column: string) => row.read(column, (text) => date(text, reading));
  const created = at('CreatedDate');
  const isOfThatDay = day('ActivityDate') !== null && day('ActivityDate') === day('CreatedDate');
  const due = isOfThatDay ? created : at('ActivityDate');
  const moments = isOpen
    ? [due, created]
    : [at('CompletedDateTime'), due, at('LastModifiedDate'), at('SystemModstamp'), created];
  const found = moments.find((moment) => moment !== null && (isOpen || moment <= reading.now));
  if (!found) throw new RowProblem('ActivityDate', 'tells no day, and nothing else when it was');
  return found;
}

export const taskFile: FileShape<ActivityDraft> = {
  file: 'Task.csv',
  type: 'tasks',
  requiredColumns: ['Id', 'WhoId', 'WhatId'],
  read(row, reading, report) {
    const type = taskType(row, report);
    const isOpen = isTaskOpen(row);
    return {
      ...common(row),
      ...{ type, isOpen, direction: directionOf(row, type) },
      minutes: row.read('CallDurationInSeconds', secondsAsMinutes),
      occurredAt: taskMoment(row, isOpen, reading),
    };
  },
};

const MINUTE = 60_000;

export const eventFile: FileShape<ActivityDraft> = {
  file: 'Event.csv',
  type: 'events',
  requiredColumns: ['Id', 'WhoId', 'WhatId'],
  read(row, reading, report) {
    const at = (column: string) => row.read(column, (text) => instant(text, reading));
    const occurredAt = at('StartDateTime') ?? at('ActivityDateTime') ?? at('ActivityDate');
    if (occurredAt === null)
      throw new RowProblem('StartDateTime', 'is blank, and nothing else tells when it was');
    const type = typeOf(row, ActivityType.MEETING, report);
    // of a whole day nobody knows how much of it the person was there
    const isAllDay = row.read('IsAllDayEvent', boolean) ?? false;
    const length = row.read('DurationInMinutes', minutes);
    return {
      ...common(row),
      ...{ type, occurredAt, direction: directionOf(row, type) },
      minutes: isAllDay ? null : length,
      isOpen: +occurredAt + (length ?? 0) * MINUTE > +reading.now,
    };
  },
};
