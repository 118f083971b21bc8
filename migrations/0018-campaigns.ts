import { Migration } from '@mikro-orm/migrations';
import { joinTenantTables } from './tenant-tables.ts';

/** Of the lists of campaigns, as in 0005: index name → columns after `organization_id`. */
const indexes: Record<string, string> = {
  type: 'type_key, name_key, id',
  active: 'is_active, name_key, id',
  owner: 'owner_id, name_key, id',
  start: 'start_date, id',
  start_desc: 'start_date desc nulls last, id desc',
};

const searched = ['name_key', 'type_key'];
const searchable = (column: string) => `(${column} || '')`;

/** What lists of campaigns are filtered, searched and ordered by; and what was removed here of what imports bring. */
export class Campaigns extends Migration {
  override up(): void {
    this.addSql('alter table campaign add column type_key text collate "C"');
    // only the sample had campaigns so far, with types of plain letters; under forced row-level security none would be seen
    this.addSql('alter table campaign no force row level security');
    this.addSql('update campaign set type_key = lower(type)');
    this.addSql('alter table campaign force row level security');
    for (const [name, columns] of Object.entries(indexes))
      this.addSql(`create index campaign_${name}_idx on campaign (organization_id, ${columns})`);

    // Searches as in 0007.
    this.addSql('grant create on schema public to kontor_search');
    this.addSql(
      `create index campaign_search_idx on campaign using gin (organization_id, ${searched.map((column) => `${searchable(column)} gin_trgm_ops`).join(', ')})`,
    );
    this.addSql('create policy campaign_search on campaign for select to kontor_search using (true)');
    this.addSql('grant select on campaign to kontor_search');
    for (const column of searched) {
      const signature = `campaign_${column.replace(/_key$/, '')}_like(uuid, text)`;
      this
        .addSql(`create function ${signature.replace('(uuid, text)', '(organization uuid, pattern text)')} returns setof uuid
language sql stable parallel safe security definer rows 100 set search_path = public, pg_temp
as $$
  select id from campaign
  where organization_id = organization and ${searchable(column)} like pattern
    and organization = nullif(current_setting('app.organization_id', true), '')::uuid
$$`);
      this.addSql(`revoke execute on function ${signature} from public`);
      this.addSql(`grant execute on function ${signature} to kontor_app`);
      this.addSql(`alter function ${signature} owner to kontor_search`);
    }
    this.addSql('revoke create on schema public from kontor_search');

    // Activities, memberships and contact roles leave no row behind: an import must not bring them back.
    this.addSql(`create table removed_import (
  organization_id uuid not null,
  record_type text not null,
  external_id text not null,
  removed_at timestamptz(3) not null,
  constraint removed_import_pk primary key (organization_id, record_type, external_id)
)`);
    joinTenantTables(this, 'removed_import');
  }
}
