import { registerEnumType } from 'type-graphql';

export enum ProposalState {
  OPEN = 'OPEN',
  APPROVED = 'APPROVED',
  REJECTED = 'REJECTED',
  EXPIRED = 'EXPIRED',
}
registerEnumType(ProposalState, {
  name: 'ProposalState',
  description: 'Where a proposal to convert a lead stands.',
  valuesConfig: {
    OPEN: { description: 'It waits for a person to approve or reject it.' },
    APPROVED: { description: 'A person approved it, and the lead was converted.' },
    REJECTED: { description: 'A person rejected it.' },
    EXPIRED: {
      description:
        'Its plan did not hold when it was to be approved, the lead was converted without it, or a newer proposal took its place.',
    },
  },
});
