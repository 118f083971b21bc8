import { registerEnumType } from 'type-graphql';

export enum CustomRecordType {
  LEAD = 'LEAD',
  ACCOUNT = 'ACCOUNT',
  CONTACT = 'CONTACT',
  OPPORTUNITY = 'OPPORTUNITY',
}
registerEnumType(CustomRecordType, {
  name: 'CustomRecordType',
  description: 'Records that can have custom fields.',
  valuesConfig: {
    LEAD: { description: 'Leads.' },
    ACCOUNT: { description: 'Accounts.' },
    CONTACT: { description: 'Contacts.' },
    OPPORTUNITY: { description: 'Opportunities.' },
  },
});

export enum CustomFieldType {
  TEXT = 'TEXT',
  NUMBER = 'NUMBER',
  BOOLEAN = 'BOOLEAN',
  DATE = 'DATE',
  PICKLIST = 'PICKLIST',
}
registerEnumType(CustomFieldType, {
  name: 'CustomFieldType',
  description: 'What a custom field can hold, and how its value is written in JSON.',
  valuesConfig: {
    TEXT: { description: 'A text of at most 255 characters, without the spaces around it.' },
    NUMBER: {
      description:
        'An exact decimal number as a string: `"12.5"`, at most 30 digits before and 20 after the point. A JSON number is accepted only when it is a whole one; answers are always strings.',
    },
    BOOLEAN: { description: '`true` or `false`.' },
    DATE: { description: 'A calendar date of the years 1900 to 2200: `"2026-02-24"`.' },
    PICKLIST: { description: "One of the field's options, whatever case and accents it is given in." },
  },
});
