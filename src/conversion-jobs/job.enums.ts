import { registerEnumType } from 'type-graphql';

export enum ConversionJobKind {
  CONVERT = 'CONVERT',
  REVERT = 'REVERT',
}
registerEnumType(ConversionJobKind, {
  name: 'ConversionJobKind',
  description: 'What a job does with its lines.',
  valuesConfig: {
    CONVERT: { description: 'Converts leads.' },
    REVERT: { description: 'Undoes the conversions of another job, the newest first.' },
  },
});

export enum ConversionJobState {
  QUEUED = 'QUEUED',
  RUNNING = 'RUNNING',
  SUCCEEDED = 'SUCCEEDED',
  FAILED = 'FAILED',
  CANCELLED = 'CANCELLED',
}
registerEnumType(ConversionJobState, {
  name: 'ConversionJobState',
  description: 'How far a job is.',
  valuesConfig: {
    QUEUED: { description: 'Nothing is done yet.' },
    RUNNING: { description: 'Some lines are done, others wait.' },
    SUCCEEDED: { description: 'Every line was worked off; some may have been refused.' },
    FAILED: { description: 'Who started it may not convert any longer: the lines left were refused.' },
    CANCELLED: { description: 'Somebody stopped it: what was done stays, the rest never runs.' },
  },
});

export enum ConversionJobLineState {
  PENDING = 'PENDING',
  CONVERTED = 'CONVERTED',
  REVERTED = 'REVERTED',
  REFUSED = 'REFUSED',
  FAILED = 'FAILED',
  CANCELLED = 'CANCELLED',
}
registerEnumType(ConversionJobLineState, {
  name: 'ConversionJobLineState',
  description: 'What became of one line of a job.',
  valuesConfig: {
    PENDING: { description: 'It waits.' },
    CONVERTED: { description: 'The lead is converted.' },
    REVERTED: { description: 'The conversion is undone.' },
    REFUSED: { description: 'A business rule said no; the line has the errors.' },
    FAILED: { description: 'A defect kept it from being done; nothing of it was.' },
    CANCELLED: { description: 'The job was cancelled before its turn.' },
  },
});

/** Lines of one job. */
export const MAX_LINES = 5_000;
