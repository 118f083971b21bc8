import { registerEnumType } from 'type-graphql';

export enum StagnantType {
  LEAD = 'LEAD',
  CONTACT = 'CONTACT',
  ACCOUNT = 'ACCOUNT',
  OPPORTUNITY = 'OPPORTUNITY',
}
registerEnumType(StagnantType, {
  name: 'StagnantType',
  description: 'Records that can be left lying.',
  valuesConfig: {
    LEAD: {
      description:
        'Open leads (not converted, status not closed) without activity for more days than `leadAgingDays` (90 unless set otherwise).',
    },
    CONTACT: {
      description:
        'Contacts without activity for more days than `contactStagnantDays` (180 unless set otherwise).',
    },
    ACCOUNT: {
      description:
        'Accounts without activity for more days than `accountStagnantDays` (90 unless set otherwise): neither their own nor one of their contacts, opportunities or unconverted matched leads.',
    },
    OPPORTUNITY: {
      description:
        'Open opportunities without activity for more days than `opportunityStagnantDays` (30 unless set otherwise).',
    },
  },
});
