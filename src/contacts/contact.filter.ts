import { dateTimeField, type FilterFields, idField, mergeableIdField, textField } from '../graphql/filter.ts';
import type { OrderColumn } from '../graphql/page.ts';
import { type ContactFilter, ContactOrderField } from './contact.inputs.ts';

export const contactFilter: FilterFields<ContactFilter> = {
  name: textField('name_key', 'name_key', 'contact_name_like'),
  email: textField('email_key', 'email_key', 'contact_email_like'),
  account: mergeableIdField('account_id', 'Account'),
  title: textField('title', 'title_key', 'contact_title_like'),
  owner: idField('owner_id', 'User'),
  createdAt: dateTimeField('created_at'),
};

export const contactOrders: Record<ContactOrderField, OrderColumn> = {
  [ContactOrderField.NAME]: { column: 't.name_key', type: 'text' },
  [ContactOrderField.CREATED_AT]: { column: 't.created_at', type: 'timestamptz' },
  [ContactOrderField.UPDATED_AT]: { column: 't.updated_at', type: 'timestamptz' },
};
