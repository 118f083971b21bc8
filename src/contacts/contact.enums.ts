import { registerEnumType } from 'type-graphql';

export enum BuyingRole {
  CHAMPION = 'CHAMPION',
  DECISION_MAKER = 'DECISION_MAKER',
  ECONOMIC_BUYER = 'ECONOMIC_BUYER',
  TECHNICAL_BUYER = 'TECHNICAL_BUYER',
  INFLUENCER = 'INFLUENCER',
  USER = 'USER',
  BLOCKER = 'BLOCKER',
  OTHER = 'OTHER',
}
registerEnumType(BuyingRole, {
  name: 'BuyingRole',
  description: 'The part a person plays in a purchase.',
  valuesConfig: {
    CHAMPION: { description: 'Wants us to win and says so inside.' },
    DECISION_MAKER: { description: 'Decides.' },
    ECONOMIC_BUYER: { description: 'Holds the budget.' },
    TECHNICAL_BUYER: { description: 'Judges whether it works for them.' },
    INFLUENCER: { description: 'Is listened to.' },
    USER: { description: 'Will work with it.' },
    BLOCKER: { description: 'Is against it.' },
    OTHER: { description: 'Any other part.' },
  },
});
