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

/** What to do when a conversion would create a record that seems to exist. */
export const DuplicatePolicy = { BLOCK: 'BLOCK', WARN: 'WARN', ALLOW: 'ALLOW' } as const;
export type DuplicatePolicy = keyof typeof DuplicatePolicy;
registerEnumType(DuplicatePolicy, {
  name: 'DuplicatePolicy',
  description: 'What a conversion does when a record it would create seems to exist.',
  valuesConfig: {
    BLOCK: { description: 'Refuses (DUPLICATE_FOUND), unless the caller says `allowDuplicate`.' },
    WARN: { description: 'Creates it and lists what seems to be the same under `warnings`.' },
    ALLOW: { description: 'Creates it without a word.' },
  },
});
