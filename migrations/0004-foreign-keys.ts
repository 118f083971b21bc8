import { Migration } from '@mikro-orm/migrations';
import { firstTenantTables } from './tenant-tables.ts';

/** [table, column, referenced table, on delete]: composite with the organisation, so no row can name another tenant's. */
const references: [string, string, string, 'restrict' | 'cascade'][] = [
  ['access_token', 'user_id', 'app_user', 'cascade'],
  ['account', 'owner_id', 'app_user', 'restrict'],
  ['account', 'parent_id', 'account', 'restrict'],
  ['contact', 'account_id', 'account', 'restrict'],
  ['contact', 'owner_id', 'app_user', 'restrict'],
  ['opportunity', 'account_id', 'account', 'restrict'],
  ['opportunity', 'stage_id', 'stage', 'restrict'],
  ['opportunity', 'owner_id', 'app_user', 'restrict'],
  ['opportunity', 'campaign_id', 'campaign', 'restrict'],
  ['opportunity_version', 'opportunity_id', 'opportunity', 'cascade'],
  ['opportunity_version', 'stage_id', 'stage', 'restrict'],
  ['opportunity_contact_role', 'opportunity_id', 'opportunity', 'cascade'],
  ['opportunity_contact_role', 'contact_id', 'contact', 'restrict'],
  ['lead', 'status_id', 'lead_status', 'restrict'],
  ['lead', 'owner_id', 'app_user', 'restrict'],
  ['lead', 'queue_id', 'queue', 'restrict'],
  ['lead', 'campaign_id', 'campaign', 'restrict'],
  ['lead', 'matched_account_id', 'account', 'restrict'],
  ['lead_conversion', 'lead_id', 'lead', 'restrict'],
  ['lead_conversion', 'account_id', 'account', 'restrict'],
  ['lead_conversion', 'contact_id', 'contact', 'restrict'],
  ['lead_conversion', 'opportunity_id', 'opportunity', 'restrict'],
  ['lead_conversion', 'converted_by_id', 'app_user', 'restrict'],
  ['conversion_field', 'conversion_id', 'lead_conversion', 'cascade'],
  ['campaign_member', 'campaign_id', 'campaign', 'cascade'],
  ['campaign_member', 'lead_id', 'lead', 'restrict'],
  ['campaign_member', 'contact_id', 'contact', 'restrict'],
  ['activity', 'lead_id', 'lead', 'restrict'],
  ['activity', 'contact_id', 'contact', 'restrict'],
  ['activity', 'account_id', 'account', 'restrict'],
  ['activity', 'opportunity_id', 'opportunity', 'restrict'],
  ['activity', 'owner_id', 'app_user', 'restrict'],
];

export class ForeignKeys extends Migration {
  override up(): void {
    for (const table of firstTenantTables) {
      this.addSql(
        `alter table ${table} add constraint ${table}_organization_fk foreign key (organization_id) references organization (id) on delete cascade`,
      );
    }
    for (const [table, column, referenced, onDelete] of references) {
      this.addSql(
        `alter table ${table} add constraint ${table}_${column.replace(/_id$/, '')}_fk foreign key (organization_id, ${column}) references ${referenced} (organization_id, id) on delete ${onDelete}`,
      );
    }
  }
}
