import { registerEnumType } from 'type-graphql';

export enum ConversionOutcome {
  CREATED = 'CREATED',
  MERGED = 'MERGED',
  ATTACHED = 'ATTACHED',
}
registerEnumType(ConversionOutcome, {
  name: 'ConversionOutcome',
  description: 'How a conversion came by its account, contact or opportunity.',
  valuesConfig: {
    CREATED: { description: 'The conversion created the record.' },
    MERGED: { description: 'The record existed, and at least one of its fields was written.' },
    ATTACHED: { description: 'The record existed, and nothing of it was written.' },
  },
});

export enum ConversionTarget {
  ACCOUNT = 'ACCOUNT',
  CONTACT = 'CONTACT',
  OPPORTUNITY = 'OPPORTUNITY',
}
registerEnumType(ConversionTarget, {
  name: 'ConversionTarget',
  description: 'The record a field of a lead went into.',
  valuesConfig: {
    ACCOUNT: { description: 'The account.' },
    CONTACT: { description: 'The contact.' },
    OPPORTUNITY: { description: 'The opportunity.' },
  },
});

export enum MergePolicy {
  FILL_EMPTY = 'FILL_EMPTY',
  OVERWRITE = 'OVERWRITE',
  KEEP = 'KEEP',
  NEWEST = 'NEWEST',
}
registerEnumType(MergePolicy, {
  name: 'MergePolicy',
  description: 'Which value a field of an existing record has after a conversion.',
  valuesConfig: {
    FILL_EMPTY: { description: "The record's; the lead's where it has none. The default." },
    OVERWRITE: { description: "The lead's, where it has one." },
    KEEP: { description: "The record's, even if it has none." },
    NEWEST: {
      description:
        "Of the lead and the record, the one that was changed last (`updatedAt`, of any of its fields) wins; the record's where it has none is filled all the same.",
    },
  },
});

export enum FieldOutcome {
  FILLED = 'FILLED',
  KEPT = 'KEPT',
  OVERWRITTEN = 'OVERWRITTEN',
  DROPPED = 'DROPPED',
}
registerEnumType(FieldOutcome, {
  name: 'FieldOutcome',
  description: 'What a conversion did with one field.',
  valuesConfig: {
    FILLED: { description: 'The target was empty and got the value.' },
    KEPT: { description: 'The target had a value and kept it.' },
    OVERWRITTEN: { description: "The target's value was replaced." },
    DROPPED: { description: 'The value went nowhere.' },
  },
});
