import {
  booleanField,
  dateField,
  dateTimeField,
  type FilterFields,
  idField,
  textField,
} from '../graphql/filter.ts';
import type { OrderColumn } from '../graphql/page.ts';
import { type CampaignFilter, CampaignOrderField } from './campaign.inputs.ts';

export const campaignFilter: FilterFields<CampaignFilter> = {
  name: textField('name', 'name_key', 'campaign_name_like'),
  type: textField('type', 'type_key', 'campaign_type_like'),
  isActive: booleanField('is_active'),
  startDate: dateField('start_date'),
  createdAt: dateTimeField('created_at'),
  owner: idField('owner_id', 'User'),
};

export const campaignOrders: Record<CampaignOrderField, OrderColumn> = {
  [CampaignOrderField.NAME]: { column: 't.name_key', type: 'text' },
  [CampaignOrderField.CREATED_AT]: { column: 't.created_at', type: 'timestamptz' },
  [CampaignOrderField.START_DATE]: { column: 't.start_date', type: 'date', nullable: true },
};
