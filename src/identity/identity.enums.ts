import { registerEnumType } from 'type-graphql';

export enum Role {
  ADMIN = 'ADMIN',
  SDR = 'SDR',
  AE = 'AE',
  MARKETER = 'MARKETER',
  ANALYST = 'ANALYST',
  SERVICE = 'SERVICE',
}
registerEnumType(Role, {
  name: 'Role',
  description: 'What a person or a program does, and so may do.',
  valuesConfig: {
    ADMIN: { description: 'Runs the organisation: everything.' },
    SDR: { description: 'Qualifies inbound leads and converts them.' },
    AE: { description: 'Works accounts, contacts and opportunities; converts leads.' },
    MARKETER: { description: 'Captures and qualifies leads; may propose conversions.' },
    ANALYST: { description: 'Reads everything, changes nothing.' },
    SERVICE: { description: 'A program: reads and writes, but never converts a lead without a person.' },
  },
});
