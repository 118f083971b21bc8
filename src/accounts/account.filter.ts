import {
  booleanField,
  dateTimeField,
  type FilterFields,
  idField,
  mergeableIdField,
  intField,
  textField,
} from '../graphql/filter.ts';
import type { OrderColumn } from '../graphql/page.ts';
import { type AccountFilter, AccountOrderField } from './account.inputs.ts';

export const accountFilter: FilterFields<AccountFilter> = {
  id: mergeableIdField('id', 'Account'),
  name: textField('name', 'name_key', 'account_name_like'),
  domain: textField('domain', 'domain', 'account_domain_like'),
  industry: textField('industry', 'industry_key', 'account_industry_like'),
  tier: intField('tier'),
  isTarget: booleanField('is_target'),
  owner: idField('owner_id', 'User'),
  parent: mergeableIdField('parent_id', 'Account'),
  createdAt: dateTimeField('created_at'),
};

export const accountOrders: Record<AccountOrderField, OrderColumn> = {
  [AccountOrderField.NAME]: { column: 't.name_key', type: 'text' },
  [AccountOrderField.CREATED_AT]: { column: 't.created_at', type: 'timestamptz' },
  [AccountOrderField.UPDATED_AT]: { column: 't.updated_at', type: 'timestamptz' },
  [AccountOrderField.TIER]: { column: 't.tier', type: 'integer', nullable: true },
  [AccountOrderField.ANNUAL_REVENUE]: { column: 't.annual_revenue', type: 'bigint', nullable: true },
};
