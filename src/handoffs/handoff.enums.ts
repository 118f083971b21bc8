import { registerEnumType } from 'type-graphql';

/** As it is stored; none while it is pending. */
export const HandoffDecision = { ACCEPTED: 'ACCEPTED', BOUNCED: 'BOUNCED', WITHDRAWN: 'WITHDRAWN' } as const;
export type HandoffDecision = keyof typeof HandoffDecision;

export const HandoffState = { PENDING: 'PENDING', ...HandoffDecision } as const;
export type HandoffState = keyof typeof HandoffState;
registerEnumType(HandoffState, {
  name: 'HandoffState',
  description: 'What became of a hand-off.',
  valuesConfig: {
    PENDING: { description: 'It waits for who is to take the lead.' },
    ACCEPTED: { description: 'The lead is theirs, and accepted by sales (SAL).' },
    BOUNCED: { description: 'They gave it back, with a reason; the lead stayed whose it was.' },
    WITHDRAWN: {
      description:
        'It was taken back, or somebody else converted, closed or reassigned the lead before they decided.',
    },
  },
});
