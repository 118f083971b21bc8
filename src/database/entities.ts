import { AccountEntity } from '../accounts/account.entity.ts';
import { ActivityEntity } from '../activities/activity.entity.ts';
import { CampaignEntity, CampaignMemberEntity } from '../campaigns/campaign.entity.ts';
import { ContactEntity } from '../contacts/contact.entity.ts';
import { ConversionFieldEntity, LeadConversionEntity } from '../conversion/conversion.entity.ts';
import { ConversionProposalEntity } from '../conversion/proposal.entity.ts';
import { LeadHandoffEntity } from '../handoffs/handoff.entity.ts';
import { CustomFieldEntity } from '../custom-fields/custom-field.entity.ts';
import {
  AccessTokenEntity,
  LeadStatusEntity,
  OrganizationEntity,
  QueueEntity,
  StageEntity,
  UserEntity,
} from '../identity/identity.entity.ts';
import { LeadEntity } from '../leads/lead.entity.ts';
import { ExchangeRateEntity } from '../metrics/rates/exchange-rate.entity.ts';
import { SalesTargetEntity } from '../metrics/targets/sales-target.entity.ts';
import {
  OpportunityContactRoleEntity,
  OpportunityEntity,
  OpportunityVersionEntity,
} from '../opportunities/opportunity.entity.ts';
import { AuditEntryEntity, OutboxEventEntity } from './journal.entity.ts';

/** Every row a service writes through MikroORM. */
export const entities = [
  OrganizationEntity,
  UserEntity,
  QueueEntity,
  AccessTokenEntity,
  StageEntity,
  LeadStatusEntity,
  CustomFieldEntity,
  AccountEntity,
  ContactEntity,
  OpportunityEntity,
  OpportunityVersionEntity,
  OpportunityContactRoleEntity,
  LeadEntity,
  LeadHandoffEntity,
  LeadConversionEntity,
  ConversionFieldEntity,
  ConversionProposalEntity,
  CampaignEntity,
  CampaignMemberEntity,
  ActivityEntity,
  SalesTargetEntity,
  ExchangeRateEntity,
  AuditEntryEntity,
  OutboxEventEntity,
];
