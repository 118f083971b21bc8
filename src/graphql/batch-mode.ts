import { registerEnumType } from 'type-graphql';

export enum BatchMode {
  ALL_OR_NOTHING = 'ALL_OR_NOTHING',
  PER_RECORD = 'PER_RECORD',
}
registerEnumType(BatchMode, {
  name: 'BatchMode',
  description: 'What becomes of a batch in which some records are refused.',
  valuesConfig: {
    ALL_OR_NOTHING: { description: 'One refused record, and nothing is done.' },
    PER_RECORD: { description: 'The others are done all the same.' },
  },
});

/** Records of one batch. */
export const MAX_BATCH = 100;
