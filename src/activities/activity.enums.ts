import { registerEnumType } from 'type-graphql';

export enum ActivityType {
  PAGE_VIEW = 'PAGE_VIEW',
  EMAIL = 'EMAIL',
  REPLY = 'REPLY',
  CALL = 'CALL',
  DOWNLOAD = 'DOWNLOAD',
  WEBINAR = 'WEBINAR',
  MEETING = 'MEETING',
  EVENT = 'EVENT',
  FORM = 'FORM',
  TASK = 'TASK',
  OTHER = 'OTHER',
}
registerEnumType(ActivityType, {
  name: 'ActivityType',
  description: 'What happened between a person and us.',
  valuesConfig: {
    PAGE_VIEW: { description: 'A page of ours was viewed.' },
    EMAIL: { description: 'An e-mail was sent.' },
    REPLY: { description: 'An e-mail was answered.' },
    CALL: { description: 'A telephone call.' },
    DOWNLOAD: { description: 'A document was downloaded.' },
    WEBINAR: { description: 'A webinar was attended.' },
    MEETING: { description: 'A meeting.' },
    EVENT: { description: 'An event was attended.' },
    FORM: { description: 'A form was sent.' },
    TASK: { description: 'Something to do.' },
    OTHER: { description: 'Anything else.' },
  },
});

export enum ActivityDirection {
  INBOUND = 'INBOUND',
  OUTBOUND = 'OUTBOUND',
}
registerEnumType(ActivityDirection, {
  name: 'ActivityDirection',
  description: 'Who started it.',
  valuesConfig: {
    INBOUND: { description: 'The person came to us.' },
    OUTBOUND: { description: 'We went to the person.' },
  },
});

/** Of one activity; ten weeks. Sums of them are `Int`. */
export const MAX_MINUTES = 100_000;
