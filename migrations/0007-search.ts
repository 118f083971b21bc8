import { Migration } from '@mikro-orm/migrations';

/**
 * Text columns that can be searched for a part (`contains`), per table: one trigram index each table. It is on an
 * expression, since on the bare column the planner would take it for `=` too, where it is the slowest of all.
 */
const searched: Record<string, string[]> = {
  account: ['name_key', 'match_key', 'domain', 'industry_key'],
  contact: ['name_key', 'email_key', 'title_key'],
  opportunity: ['name_key', 'source_key'],
  lead: ['name_key', 'company_key', 'email_key', 'source_key'],
};

const searchable = (column: string) => `(${column} || '')`;

/**
 * Under row-level security PostgreSQL uses only leakproof operators as index conditions, and LIKE and similarity are
 * not: a search as the application's role would read the whole table. So they run in functions owned by
 * `kontor_search`, which a policy of its own lets see the rows, and which bind the organisation themselves: once as an
 * argument (routes to one shard, uses the index) and once from the transaction's setting (so the argument can't reach
 * another tenant).
 */
export class Search extends Migration {
  override up(): void {
    this.addSql('grant create on schema public to kontor_search');
    for (const [table, columns] of Object.entries(searched)) {
      this.addSql(
        `create index ${table}_search_idx on ${table} using gin (organization_id, ${columns.map((column) => `${searchable(column)} gin_trgm_ops`).join(', ')}) where deleted_at is null`,
      );
      this.addSql(`create policy ${table}_search on ${table} for select to kontor_search using (true)`);
      this.addSql(`grant select on ${table} to kontor_search`);
      for (const column of columns) {
        const name = `${table}_${column.replace(/_key$/, '')}_like`;
        this.addSql(`create function ${name}(organization uuid, pattern text) returns setof uuid
language sql stable parallel safe security definer rows 100 set search_path = public, pg_temp
as $$
  select id from ${table}
  where organization_id = organization and ${searchable(column)} like pattern and deleted_at is null
    and organization = nullif(current_setting('app.organization_id', true), '')::uuid
$$`);
        this.restrict(`${name}(uuid, text)`);
      }
    }
    // Similarity costs 200 times what the planner takes for it: it would read a middle-sized table whole (110 ms at 20,000
    // accounts, 3 through the index). Thresholds below 0.6 count as 0.6.
    this
      .addSql(`create function account_match_similar(organization uuid, key text, threshold real) returns table (id uuid, similarity real)
language sql stable parallel safe security definer rows 10 set search_path = public, pg_temp set pg_trgm.similarity_threshold = 0.6 set cpu_operator_cost = 0.5 set jit = off
as $$
  select id, similarity(match_key, key) from account
  where organization_id = organization and ${searchable('match_key')} % key and similarity(match_key, key) >= threshold and deleted_at is null
    and organization = nullif(current_setting('app.organization_id', true), '')::uuid
  order by 2 desc, 1 limit 20
$$`);
    this.restrict('account_match_similar(uuid, text, real)');
    this.addSql('revoke create on schema public from kontor_search');
  }

  private restrict(signature: string): void {
    this.addSql(`revoke execute on function ${signature} from public`);
    this.addSql(`grant execute on function ${signature} to kontor_app`);
    this.addSql(`alter function ${signature} owner to kontor_search`);
  }
}
