import { registerEnumType } from 'type-graphql';

export enum AccountType {
  PROSPECT = 'PROSPECT',
  CUSTOMER = 'CUSTOMER',
  PARTNER = 'PARTNER',
  COMPETITOR = 'COMPETITOR',
  OTHER = 'OTHER',
}
registerEnumType(AccountType, {
  name: 'AccountType',
  description: 'What the company is to us. An imported label that is none of these is kept in `typeLabel`.',
  valuesConfig: {
    PROSPECT: { description: 'We want to sell to it and have not yet.' },
    CUSTOMER: { description: 'It has bought.' },
    PARTNER: { description: 'It sells with us or for us.' },
    COMPETITOR: { description: 'It sells against us.' },
    OTHER: { description: 'Anything else: investor, press, analyst.' },
  },
});
