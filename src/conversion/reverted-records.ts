import type { EntityClass } from '@mikro-orm/core';
import { AccountEntity } from '../accounts/account.entity.ts';
import { ContactEntity } from '../contacts/contact.entity.ts';
import { isCustom } from '../database/custom-names.ts';
import type { Transaction } from '../database/database.ts';
import type { Change } from '../database/journal.ts';
import { LeadEntity } from '../leads/lead.entity.ts';
import { OpportunityEntity } from '../opportunities/opportunity.entity.ts';
import type { Effect, EffectTable, Image } from './conversion-effects.ts';

const RECORDS: Partial<Record<EffectTable, { type: string; entity: unknown }>> = {
  lead: { type: 'Lead', entity: LeadEntity },
  account: { type: 'Account', entity: AccountEntity },
  contact: { type: 'Contact', entity: ContactEntity },
  opportunity: { type: 'Opportunity', entity: OpportunityEntity },
};

/** A column of an image: what a record calls it, and its value as a record has it. */
type Read = (column: string, text: string | null) => [field: string, value: unknown];

/** What the journal tells of each record; links, memberships and roles are told by the conversion's own entry. */
export function revertedRecords(tx: Transaction, effects: readonly Effect[], at: Date): Change[] {
  return effects.flatMap(({ table, id, before, after }) => {
    const record = RECORDS[table];
    if (!record) return [];
    const read = readerOf(tx, record.entity);
    const change = { recordType: record.type, recordId: id, action: 'revertConversion', at };
    if (before === null) return { ...change, before: wholeOf(after!, read), after: { deletedAt: at } };
    return { ...change, before: fieldsOf(after!, read), after: fieldsOf(before, read) };
  });
}

function fieldsOf(image: Image, read: Read): Record<string, unknown> {
  return Object.fromEntries(Object.entries(image).map(([column, text]) => read(column, text)));
}

const KEYS = new Set(['id', 'organization_id']);

/** Of a whole row only what is in it. */
function wholeOf(image: Image, read: Read): Record<string, unknown> {
  const filled = Object.entries(image).filter(([column, text]) => text !== null && !KEYS.has(column));
  return fieldsOf(Object.fromEntries(filled), read);
}

/** Images are texts as PostgreSQL writes JSON; the journal has values as a change of the record itself would have them. */
function readerOf(tx: Transaction, entity: unknown): Read {
  const { props } = tx.em.getMetadata().get(entity as EntityClass<object>);
  const byColumn = new Map(props.map((property) => [property.fieldNames?.[0], property]));
  return (column, text) => {
    if (isCustom(column)) return [column, text === null ? null : JSON.parse(text)];
    const property = byColumn.get(column);
    return [property?.name ?? column, text === null ? null : valueOf(property?.runtimeType, text)];
  };
}

function valueOf(type: string | undefined, text: string): unknown {
  switch (type) {
    case 'number':
      return Number(text);
    case 'boolean':
      return text === 'true';
    case 'Date':
      return new Date(text).toISOString();
    case 'object':
    case 'any':
      return JSON.parse(text);
    default:
      return text;
  }
}
