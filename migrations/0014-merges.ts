import { Migration } from '@mikro-orm/migrations';

/** What two records of one thing are recognised by once they are one: a merged-away record lends these to its survivor. */
const aliases = { account: { domain: 'domain', match: 'match_key' }, contact: { email: 'email_key' } };

/** A record merged away stays as a deleted row that tells into which it went: always a living one, never a chain. */
export class Merges extends Migration {
  override up(): void {
    for (const [table, columns] of Object.entries(aliases)) {
      this.addSql(`alter table ${table} add column merged_into_id uuid, add column merged_by_id uuid`);
      this.addSql(
        `alter table ${table} add constraint ${table}_merged_is_deleted check (merged_into_id is null or deleted_at is not null)`,
      );
      this.addSql(
        `alter table ${table} add constraint ${table}_not_own_survivor check (merged_into_id <> id)`,
      );
      this.addSql(
        `alter table ${table} add constraint ${table}_merged_into_fk foreign key (organization_id, merged_into_id) references ${table} (organization_id, id) on delete restrict`,
      );
      this.addSql(
        `alter table ${table} add constraint ${table}_merged_by_fk foreign key (organization_id, merged_by_id) references app_user (organization_id, id) on delete restrict`,
      );
      const indexes = { into: 'merged_into_id, deleted_at, id', ...columns };
      for (const [name, indexed] of Object.entries(indexes))
        this.addSql(
          `create index ${table}_merged_${name}_idx on ${table} (organization_id, ${indexed}) where merged_into_id is not null`,
        );
    }
  }
}
