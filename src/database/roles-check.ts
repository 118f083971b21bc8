import type pg from 'pg';
import { APP_ROLE } from './database.ts';

/** What keeps organisations apart is missing; the message is one line. */
export class RolesCheckError extends Error {
  override name = 'RolesCheckError';
}

interface Role {
  role: string;
  isSuperuser: boolean;
  bypassesPolicies: boolean;
  owned: number;
  memberOf: string[];
}

/**
 * Row-level security holds only under a role that can't get around it. Asked through the connections that will serve
 * requests, so that what is checked is what runs.
 */
export async function checkApplicationRole(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<Role>(`
    select r.rolname as "role", r.rolsuper as "isSuperuser", r.rolbypassrls as "bypassesPolicies",
      (select count(*)::int from pg_shdepend d
        where d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid and d.deptype = 'o'
          and d.dbid in (0, (select oid from pg_database where datname = current_database()))) as "owned",
      array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid
        where m.member = r.oid order by 1) as "memberOf"
    from pg_roles r where r.rolname = current_user`);
  const problems = [...rows.flatMap(roleProblems), ...(await unprotectedTables(pool))];
  if (problems.length === 0) return;
  throw new RolesCheckError(
    `Refusing to serve, organisations would not be kept apart: ${problems.join('; ')}`,
  );
}

function roleProblems({ role, isSuperuser, bypassesPolicies, owned, memberOf }: Role): string[] {
  const found: [boolean, string][] = [
    [
      role !== APP_ROLE,
      `requests run as ${role} instead of ${APP_ROLE} (a connection pooler drops the option "role")`,
    ],
    [isSuperuser, `${role} is a superuser (alter role ${role} nosuperuser)`],
    [bypassesPolicies, `${role} bypasses row-level security (alter role ${role} nobypassrls)`],
    [owned > 0, `${role} owns ${owned} object(s) of this database (reassign owned by ${role} to the owner)`],
    [
      memberOf.length > 0,
      `${role} is a member of ${memberOf.join(', ')} (revoke ${memberOf.join(', ')} from ${role})`,
    ],
  ];
  return found.filter(([isFound]) => isFound).map(([, problem]) => problem);
}

/** Every table with rows of organisations: `organization` and whatever carries an organisation's id. */
async function unprotectedTables(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(`
    select c.relname as name from pg_class c
    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
      and not (c.relrowsecurity and c.relforcerowsecurity)
      and (c.relname = 'organization' or exists (
        select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped))
    order by 1`);
  return rows.map(
    ({ name }) =>
      `table ${name} does not force row-level security (alter table ${name} force row level security)`,
  );
}
