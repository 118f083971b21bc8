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

/** Who has to agree to a conversion. */
export const ReviewPolicy = { NONE: 'NONE', FOUR_EYES: 'FOUR_EYES', REQUIRED: 'REQUIRED' } as const;
export type ReviewPolicy = keyof typeof ReviewPolicy;
registerEnumType(ReviewPolicy, {
  name: 'ReviewPolicy',
  description: 'Which conversions need which review. Whoever lacks the right to convert needs one always.',
  valuesConfig: {
    NONE: {
      description:
        'A person with the right to convert reviews any proposal, their own too, and converts without one.',
    },
    FOUR_EYES: {
      description:
        'A proposal is approved by another person than its proposer (SELF_APPROVAL_FORBIDDEN). A person with the right still converts without a proposal.',
    },
    REQUIRED: {
      description:
        'Every conversion is proposed by one and approved by another person; `convertLead` is refused (HUMAN_REVIEW_REQUIRED).',
    },
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
