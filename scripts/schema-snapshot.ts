import type pg from 'pg';

/**
 * The database schema as text, from the catalogue: what the migrations have made, for reviewers to read and for a test to
 * compare. One line per column, constraint, index, policy and function, in a fixed order.
 */
export async function schemaSnapshot(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ line: string }>(`
    with own as (
      select c.oid, c.relname from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'schema_migration'
    ), lines as (
      select relname as name, 0 as part, a.attnum::int as place, format('  %s %s%s%s', a.attname,
        format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' else '' end,
        coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')) as line
      from own join pg_attribute a on a.attrelid = own.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = own.oid and d.adnum = a.attnum
      union all
      select relname, 1, 0, format('  constraint %s %s', conname, pg_get_constraintdef(k.oid))
      from own join pg_constraint k on k.conrelid = own.oid and k.contype <> 'n'
      union all
      select relname, 2, 0, '  ' || replace(pg_get_indexdef(i.indexrelid), ' ON public.', ' on ')
      from own join pg_index i on i.indrelid = own.oid
      where not exists (select from pg_constraint k where k.conindid = i.indexrelid)
      union all
      select relname, 3, 0, format('  policy %s for %s to %s using %s', p.policyname, p.cmd,
        case when p.roles = array[current_user] then 'owner' else array_to_string(p.roles, ',') end, p.qual)
      from own join pg_policies p on p.tablename = own.relname and p.schemaname = 'public'
    ), titled as (
      select name, -1 as part, 0 as place, 'table ' || name as line from lines group by name union all select * from lines
    )
    select line from titled order by name, part, place, line collate "C"`);
  const { rows: functions } = await pool.query<{ line: string }>(`
    select format('function %s(%s) owner %s', p.proname, pg_get_function_arguments(p.oid), pg_get_userbyid(p.proowner)) as line
    from pg_proc p where p.pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    order by 1`);
  return `${[...rows, ...functions].map(({ line }) => line).join('\n')}\n`;
}
