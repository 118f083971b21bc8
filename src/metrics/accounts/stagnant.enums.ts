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
      description: 'Open leads (not converted, status not closed) without activity for more than 90 days.',
    },
    CONTACT: { description: 'Contacts without activity for more than 180 days.' },
    ACCOUNT: {
      description:
        'Accounts without activity for more than 90 days: neither their own nor one of their contacts, opportunities or unconverted matched leads.',
    },
    OPPORTUNITY: { description: 'Open opportunities without activity for more than 30 days.' },
  },
});
