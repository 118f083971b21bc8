import type { EntityDictionary, EntityName } from '@mikro-orm/core';
import sql, { empty, raw } from 'sql-template-tag';
import { AccountEntity } from '../accounts/account.entity.ts';
import { type CompanyKeys } from '../accounts/account-candidates.queries.ts';
import { lockCompany } from '../accounts/company-lock.ts';
import { ContactEntity } from '../contacts/contact.entity.ts';
import type { Transaction } from '../database/database.ts';
import type { DuplicatePolicy, ReviewPolicy } from '../identity/identity.enums.ts';
import { LeadEntity } from '../leads/lead.entity.ts';
import { orSurvivor } from '../merging/survivor.queries.ts';
import { OpportunityEntity } from '../opportunities/opportunity.entity.ts';
import type { ForecastCategory } from '../opportunities/opportunity.enums.ts';
import type { FieldMapping } from './field-mapping.ts';
import type { CustomDefinition } from './mapped-fields.ts';
import type { OpportunityChoice } from './targets.ts';

export interface PlannedStage {
  id: string;
  name: string;
  nameKey: string;
  position: number;
  probability: number;
  forecastCategory: ForecastCategory;
  isClosed: boolean;
  isWon: boolean;
}

/** What an organisation decides about conversions; lists are in its order. */
export interface ConversionSettings {
  duplicatePolicy: DuplicatePolicy;
  similarPolicy: DuplicatePolicy;
  reviewPolicy: ReviewPolicy;
  /** IANA name. */
  timeZone: string;
  /** 1-12. */
  fiscalYearStartMonth: number;
  convertedStatuses: { id: string; name: string; nameKey: string }[];
  stages: PlannedStage[];
  /** What of a lead goes where; null: as is standard. */
  fieldMappings: FieldMapping[] | null;
  customFields: CustomDefinition[];
  /** Name of the lead's campaign. */
  campaignName: string | null;
}

/**
 * The records a conversion is planned on. To execute it, each is locked as it is read, so the plan's order of reading is
 * the order of locks all conversions share: lead, settings, company, account, contact, opportunity. Nothing read under its lock can
 * change before the commit, so what was planned is what is written.
 *
 * `for no key update` lets others go on referring to an account while its contacts are being made; the lead is locked
 * fully: nothing is to be attached to it any more.
 */
export class ConversionRecords {
  constructor(
    readonly tx: Transaction,
    private readonly lock: boolean,
  ) {}

  lead(id: string): Promise<LeadEntity | null> {
    return this.one(LeadEntity, 'lead', id, 'for update');
  }

  /** Keeps other conversions from creating this company meanwhile. */
  async company(keys: CompanyKeys): Promise<void> {
    if (this.lock) await lockCompany(this.tx, keys);
  }

  /** The account; the one it was merged into, if it was. */
  account(id: string): Promise<AccountEntity | null> {
    return orSurvivor(this.tx, this.tx.tenant.organizationId, 'account', id, (living) =>
      this.one(AccountEntity, 'account', living, 'for no key update'),
    );
  }

  /** Is there another account of the domain? Under the company's lock the answer holds. */
  async hasOtherAccountOf(domain: string | null, accountId: string): Promise<boolean> {
    if (domain === null) return false;
    const others = await this.tx.query(sql`
      select id from account
      where organization_id = ${this.tx.tenant.organizationId} and domain = ${domain} and id <> ${accountId}
        and deleted_at is null limit 1`);
    return others.length > 0;
  }

  /** The contact; the one it was merged into, if it was. */
  contact(id: string): Promise<ContactEntity | null> {
    return orSurvivor(this.tx, this.tx.tenant.organizationId, 'contact', id, (living) =>
      this.one(ContactEntity, 'contact', living, 'for no key update'),
    );
  }

  opportunity(id: string): Promise<OpportunityEntity | null> {
    return this.one(OpportunityEntity, 'opportunity', id, 'for no key update');
  }

  /** What the lead is to start or join at the account, once others converted along with it have had their say. */
  opportunityAt(_account: AccountEntity | null, choice: OpportunityChoice): OpportunityChoice {
    return choice;
  }

  /** Was the record made for another lead, converted along with this one? */
  isMadeBefore(_id: string): boolean {
    return false;
  }

  async settings(campaignId: string | null): Promise<ConversionSettings> {
    const { organizationId } = this.tx.tenant;
    if (this.lock) await holdSettings(this.tx);
    const [settings] = await this.tx.query<ConversionSettings>(sql`
      select duplicate_policy as "duplicatePolicy", similar_policy as "similarPolicy",
        review_policy as "reviewPolicy", time_zone as "timeZone",
        fiscal_year_start_month as "fiscalYearStartMonth", field_mappings as "fieldMappings",
        (select coalesce(jsonb_agg(jsonb_build_object('recordType', record_type, 'key', key, 'type', type, 'options', options)
           order by record_type, position, id), '[]')
         from custom_field where organization_id = ${organizationId}) as "customFields",
        (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'nameKey', name_key) order by position, id), '[]')
         from lead_status where organization_id = ${organizationId} and is_converted) as "convertedStatuses",
        (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'nameKey', name_key, 'position', position,
           'probability', probability, 'forecastCategory', forecast_category, 'isClosed', is_closed, 'isWon', is_won)
           order by position, id), '[]')
         from stage where organization_id = ${organizationId}) as stages,
        (select name from campaign where organization_id = ${organizationId} and id = ${campaignId}) as "campaignName"
      from organization where id = ${organizationId}`);
    return settings!;
  }

  /** The row as it is now, or null when it is none of the organisation's or deleted. */
  private async one<Row extends object>(
    entity: EntityName<Row>,
    table: string,
    id: string,
    lock: string,
  ): Promise<Row | null> {
    const [row] = await this.tx.query<EntityDictionary<Row>>(sql`
      select * from ${raw(table)}
      where organization_id = ${this.tx.tenant.organizationId} and id = ${id} and deleted_at is null
      ${this.lock ? raw(lock) : empty}`);
    return row ? this.tx.em.map(entity, row) : null;
  }
}

/** Whoever changes settings waits from here on; a statement of its own, so that the next one reads what is held. */
export async function holdSettings(tx: Transaction): Promise<void> {
  const { organizationId } = tx.tenant;
  const held = (table: string) =>
    sql`(select count(*) from (select id from ${raw(table)} where organization_id = ${organizationId} order by id for share) h)`;
  await tx.query(sql`select ${held('lead_status')}, ${held('stage')}`);
}
