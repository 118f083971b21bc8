import type { AccountEntity } from '../accounts/account.entity.ts';
import type { ActivityEntity } from '../activities/activity.entity.ts';
import type { CampaignEntity, CampaignMemberEntity } from '../campaigns/campaign.entity.ts';
import type { ContactEntity } from '../contacts/contact.entity.ts';
import type { ConversionFieldEntity, LeadConversionEntity } from '../conversion/conversion.entity.ts';
import type { LeadHandoffEntity } from '../handoffs/handoff.entity.ts';
import type { QueueEntity, UserEntity } from '../identity/identity.entity.ts';
import type { Organization } from '../identity/organization.service.ts';
import type { LeadEntity } from '../leads/lead.entity.ts';
import type { ExchangeRateEntity } from '../metrics/rates/exchange-rate.entity.ts';
import type { SalesTargetEntity } from '../metrics/targets/sales-target.entity.ts';
import type {
  OpportunityContactRoleEntity,
  OpportunityEntity,
  OpportunityVersionEntity,
} from '../opportunities/opportunity.entity.ts';
import type { ForecastCategory } from '../opportunities/opportunity.enums.ts';
import type { Calendar } from './calendar.ts';
import type { Random } from './random.ts';

/** Columns the database fills: the sample has nothing of its own to say there. */
type Defaulted =
  | 'version'
  | 'customFields'
  | 'externalId'
  | 'deletedAt'
  | 'mergedIntoId'
  | 'mergedById'
  | 'createdAtEstimated';
/** A row as it will be written, without MikroORM's type-level marks. */
type Row<Entity> = {
  [Column in keyof Entity as Column extends string ? Exclude<Column, Defaulted> : never]-?: Exclude<
    Entity[Column],
    undefined
  >;
};

export type UserRow = Row<UserEntity>;
export type QueueRow = Row<QueueEntity>;
export type CampaignRow = Row<CampaignEntity>;
export type MemberRow = Row<CampaignMemberEntity>;
export type AccountRow = Row<AccountEntity>;
export type ContactRow = Row<ContactEntity>;
export type OpportunityRow = Row<OpportunityEntity>;
export type VersionRow = Row<OpportunityVersionEntity>;
export type ContactRoleRow = Row<OpportunityContactRoleEntity>;
export type LeadRow = Row<LeadEntity>;
export type HandoffRow = Row<LeadHandoffEntity>;
export type ConversionRow = Row<LeadConversionEntity>;
export type ConversionFieldRow = Row<ConversionFieldEntity>;
export type ActivityRow = Row<ActivityEntity>;
export type RateRow = Row<ExchangeRateEntity>;
export type TargetRow = Row<SalesTargetEntity>;

export interface Stage {
  id: string;
  position: number;
  probability: number;
  forecastCategory: ForecastCategory;
  isClosed: boolean;
  isWon: boolean;
}

/** What every part of the sample is generated in. */
export interface Setting {
  organization: Organization;
  calendar: Calendar;
  random: Random;
  stages: { open: Stage[]; won: Stage; lost: Stage };
  statuses: { fresh: string; working: string; converted: string; rejected: string };
}

export interface Team {
  sdrs: UserRow[];
  aes: UserRow[];
  marketer: UserRow;
  users: UserRow[];
  inbound: QueueRow;
}

/** Keys and times of a new row. */
export function newRow(setting: Setting, random: Random, at: Date) {
  return { organizationId: setting.organization.id, id: random.uuid(at), createdAt: at, updatedAt: at };
}

/** The same for tables whose rows are never changed. */
export function newKey(setting: Setting, random: Random, at: Date) {
  return { organizationId: setting.organization.id, id: random.uuid(at) };
}
