import { Migration } from '@mikro-orm/migrations';

/**
 * The role every request runs as (`kontor_app`: owns nothing, cannot bypass row-level security) and the role that
 * owns the search functions (`kontor_search`: see 0007). Both belong to the cluster, so they may exist already.
 */
export class Roles extends Migration {
  override up(): void {
    for (const role of ['kontor_app', 'kontor_search']) {
      // Looked up first: without the right to create roles one may still use those an administrator has made.
      this.addSql(`do $$ begin
  if not exists (select from pg_roles where rolname = '${role}') then
    create role ${role} nologin nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
exception when duplicate_object or unique_violation then null;
end $$`);
      // Membership lets the owner become the role; tried first, since a repeated grant needs the admin option.
      this.addSql(`do $$ begin
  set local role ${role};
  reset role;
exception when insufficient_privilege then
  execute format('grant ${role} to %I', current_user);
end $$`);
    }
    this.addSql('create extension if not exists pg_trgm');
    this.addSql('create extension if not exists btree_gin');
    this.addSql('grant usage on schema public to kontor_app, kontor_search');
  }
}
