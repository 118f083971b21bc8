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
    MANUAL: { description: 'Chosen by a person.' },
    AMBIGUOUS: { description: 'Several accounts match equally well; none is picked silently.' },
    NONE: { description: 'No account matches.' },
  },
});
