import {
  booleanField,
  dateField,
  dateTimeField,
  type FilterFields,
  idField,
  mergeableIdField,
  moneyField,
  namedReference,
  textField,
} from '../graphql/filter.ts';
import type { OrderColumn } from '../graphql/page.ts';
import { type OpportunityFilter, OpportunityOrderField } from './opportunity.inputs.ts';

export const opportunityFilter: FilterFields<OpportunityFilter> = {
  name: textField('name', 'name_key', 'opportunity_name_like'),
  account: mergeableIdField('account_id', 'Account'),
  stage: namedReference('stage_id', 'stage'),
  isClosed: booleanField('is_closed'),
  isWon: booleanField('is_won'),
  amount: moneyField('amount', 'currency'),
  closeDate: dateField('close_date'),
  createdAt: dateTimeField('created_at'),
  owner: idField('owner_id', 'User'),
  campaign: idField('campaign_id', 'Campaign'),
  source: textField('source', 'source_key', 'opportunity_source_like'),
};

export const opportunityOrders: Record<OpportunityOrderField, OrderColumn> = {
  [OpportunityOrderField.NAME]: { column: 't.name_key', type: 'text' },
  [OpportunityOrderField.AMOUNT]: { column: 't.amount', type: 'bigint', nullable: true },
  [OpportunityOrderField.CLOSE_DATE]: { column: 't.close_date', type: 'date' },
  [OpportunityOrderField.CREATED_AT]: { column: 't.created_at', type: 'timestamptz' },
  [OpportunityOrderField.STAGE]: { column: 't.stage_position', type: 'integer' },
};
