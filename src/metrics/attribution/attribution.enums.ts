import { registerEnumType } from 'type-graphql';

export enum AttributionModel {
  FIRST = 'FIRST',
  LAST = 'LAST',
  LINEAR = 'LINEAR',
  U_SHAPED = 'U_SHAPED',
  W_SHAPED = 'W_SHAPED',
  TIME_DECAY = 'TIME_DECAY',
}
registerEnumType(AttributionModel, {
  name: 'AttributionModel',
  description: 'How the amount of a deal is shared by the campaigns that touched its people.',
  valuesConfig: {
    FIRST: { description: 'All to the first touch.' },
    LAST: { description: 'All to the last touch.' },
    LINEAR: { description: 'The same to every touch.' },
    U_SHAPED: { description: '40 % to the first, 40 % to the last, 20 % to those between.' },
    W_SHAPED: {
      description:
        '30 % each to the first touch, that of the conversion and that of the deal; 10 % to others.',
    },
    TIME_DECAY: { description: 'Half as much for every 7 days a touch is older.' },
  },
});
