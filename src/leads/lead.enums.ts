import { registerEnumType } from 'type-graphql';

export enum MatchMethod {
  DOMAIN = 'DOMAIN',
  EXACT_NAME = 'EXACT_NAME',
  SIMILAR_NAME = 'SIMILAR_NAME',
  MANUAL = 'MANUAL',
  AMBIGUOUS = 'AMBIGUOUS',
  NONE = 'NONE',
}
registerEnumType(MatchMethod, {
  name: 'MatchMethod',
  description: 'How a lead (or a duplicate candidate) was recognised.',
  valuesConfig: {
    DOMAIN: { description: 'Same registrable domain of e-mail or website (free-mail providers excluded).' },
    EXACT_NAME: {
      description:
        'Same name after removing case, accents, punctuation and legal suffixes; for a person: same e-mail or same name at the account.',
    },
    SIMILAR_NAME: { description: 'Trigram similarity of the normalised names of at least 0.6.' },
    MANUAL: { description: 'Chosen by hand (`matchLead`): no later matching replaces it.' },
    AMBIGUOUS: { description: 'Several accounts match equally well; none is picked silently.' },
    NONE: { description: 'No account matches.' },
  },
});

export enum LeadMilestone {
  MQL = 'MQL',
  SAL = 'SAL',
  SQL = 'SQL',
  DISQUALIFIED = 'DISQUALIFIED',
  RECYCLED = 'RECYCLED',
}
registerEnumType(LeadMilestone, {
  name: 'LeadMilestone',
  description:
    'How far a lead has come. MQL, SAL and SQL are each the first time reached, never cleared; a later one reaches those before it, too.',
  valuesConfig: {
    MQL: { description: 'Marketing-qualified: sets `mqlAt`.' },
    SAL: { description: 'Accepted by sales: sets `salAt`, and `mqlAt` if it has none.' },
    SQL: { description: 'Sales-qualified: sets `sqlAt`, and `salAt` and `mqlAt` if it has none.' },
    DISQUALIFIED: {
      description:
        'Nobody will work it: gets the first closed status that is not for converted leads (unless it has one) and keeps the reason.',
    },
    RECYCLED: {
      description: 'Worked from the beginning again: gets the first open status; its milestones stay.',
    },
  },
});
