import { registerEnumType } from 'type-graphql';

/** From the last stage to the first: an account is in the first of these whose condition it meets. */
export enum JourneyStage {
  CUSTOMER = 'CUSTOMER',
  OPPORTUNITY = 'OPPORTUNITY',
  MQA = 'MQA',
  ENGAGED = 'ENGAGED',
  AWARE = 'AWARE',
  TARGET = 'TARGET',
  NONE = 'NONE',
}
registerEnumType(JourneyStage, {
  name: 'JourneyStage',
  description:
    'How far an account has come: the first of these stages, in this order, whose condition it meets.',
  valuesConfig: {
    CUSTOMER: { description: 'It has a won opportunity.' },
    OPPORTUNITY: { description: 'It has an open opportunity, whatever its forecast category.' },
    MQA: {
      description:
        'Marketing-qualified: at least 100 minutes by at least 2 people in the last 3 months (settings).',
    },
    ENGAGED: { description: 'At least 10 minutes in the last 3 months (settings).' },
    AWARE: {
      description:
        'It was ever touched: a campaign membership or an inbound activity of its people, or of the account itself.',
    },
    TARGET: { description: 'A target account.' },
    NONE: { description: 'None of these.' },
  },
});
