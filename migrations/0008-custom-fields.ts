import { Migration } from '@mikro-orm/migrations';
import { joinTenantTables } from './tenant-tables.ts';

/** What an organisation keeps beyond the standard fields, and what of a lead goes where when it is converted. */
export class CustomFields extends Migration {
  override up(): void {
    this.addSql(`create table custom_field (
  organization_id uuid not null,
  id uuid not null,
  record_type text not null,
  key text not null,
  label text not null,
  type text not null,
  options jsonb not null default '[]',
  description text,
  position integer not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  version integer not null default 1,
  constraint custom_field_pk primary key (organization_id, id),
  constraint custom_field_key_unique unique (organization_id, record_type, key),
  constraint custom_field_key check (key ~ '^[a-z][A-Za-z0-9_]{0,39}$'),
  constraint custom_field_record_type check (record_type in ('LEAD', 'ACCOUNT', 'CONTACT', 'OPPORTUNITY')),
  constraint custom_field_type check (type in ('TEXT', 'NUMBER', 'BOOLEAN', 'DATE', 'PICKLIST')),
  constraint custom_field_options check ((type = 'PICKLIST') = (jsonb_array_length(options) > 0))
)`);
    joinTenantTables(this, 'custom_field');
    // Null: the standard mapping, whatever a later release makes of it.
    this.addSql('alter table organization add column field_mappings jsonb');
    this.addSql('alter table conversion_field add column source_field text');
  }
}
