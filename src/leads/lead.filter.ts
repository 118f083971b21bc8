import {
  booleanField,
  dateTimeField,
  type FilterFields,
  idField,
  namedReference,
  textField,
} from '../graphql/filter.ts';
import type { OrderColumn } from '../graphql/page.ts';
import { type LeadFilter, LeadOrderField } from './lead.inputs.ts';

export const leadFilter: FilterFields<LeadFilter> = {
  name: textField('name_key', 'name_key', 'lead_name_like'),
  email: textField('email_key', 'email_key', 'lead_email_like'),
  company: textField('company', 'company_key', 'lead_company_like'),
  status: namedReference('status_id', 'lead_status'),
  source: textField('source', 'source_key', 'lead_source_like'),
  isConverted: booleanField('is_converted'),
  owner: idField('owner_id', 'User'),
  campaign: idField('campaign_id', 'Campaign'),
  queue: idField('queue_id', 'Queue'),
  createdAt: dateTimeField('created_at'),
};

export const leadOrders: Record<LeadOrderField, OrderColumn> = {
  [LeadOrderField.NAME]: { column: 't.name_key', type: 'text' },
  [LeadOrderField.COMPANY]: { column: 't.company_key', type: 'text', nullable: true },
  [LeadOrderField.CREATED_AT]: { column: 't.created_at', type: 'timestamptz' },
  [LeadOrderField.UPDATED_AT]: { column: 't.updated_at', type: 'timestamptz' },
  [LeadOrderField.SCORE]: { column: 't.score', type: 'integer', nullable: true },
};
