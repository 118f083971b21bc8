import pg from 'pg';
import { APP_ROLE, PLANNING } from '../../src/database/database.ts';
import { bindTenant, type Tenant } from '../../src/database/tenant.ts';

/** How PostgreSQL plans a prepared statement: for the values at hand, or once for all values. */
export type PlanMode = 'custom' | 'generic';

const BIG_TABLES = [
  'account',
  'contact',
  'opportunity',
  'lead',
  'lead_conversion',
  'lead_handoff',
  'conversion_proposal',
  'opportunity_contact_role',
  'activity',
  'campaign',
  'campaign_member',
];
/** More are not sorted for a page: a whole table is 50,000. */
const FEW = 2_500;

/** A node of `explain (format json)`. */
interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Plan Rows': number;
  Plans?: PlanNode[];
}

/** What a plan does, as tests ask for it. */
export class Plan {
  private readonly nodes: PlanNode[] = [];

  constructor(root: PlanNode) {
    const collect = (node: PlanNode) => {
      this.nodes.push(node);
      node.Plans?.forEach(collect);
    };
    collect(root);
  }

  get indexes(): string[] {
    return [...new Set(this.nodes.flatMap((node) => node['Index Name'] ?? []))];
  }

  /** Tables read from the first to the last row. */
  get scannedTables(): string[] {
    return this.nodes
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .map((node) => node['Relation Name'] ?? '?');
  }

  /** Most rows the planner expects to sort at once; rows sorted in small groups (Incremental Sort) don't count. */
  get sortedRows(): number {
    const sorts = this.nodes.filter((node) => node['Node Type'] === 'Sort');
    return Math.max(
      0,
      ...sorts.map((node) => Math.max(0, ...(node.Plans ?? []).map((input) => input['Plan Rows']))),
    );
  }

  /** What no plan of a page may do: read a big table from end to end, or sort many rows. */
  get faults(): string[] {
    const scanned = this.scannedTables.filter((table) => BIG_TABLES.includes(table));
    return [
      ...scanned.map((table) => `reads all of ${table}`),
      ...(this.sortedRows > FEW ? [`sorts ${this.sortedRows} rows`] : []),
    ];
  }

  /** The index conditions of all scans of matching indexes. */
  conditionsOf(index: RegExp): string[] {
    return this.nodes
      .filter((node) => index.test(node['Index Name'] ?? ''))
      .map((node) => node['Index Cond'] ?? '');
  }

  /** For messages. */
  get outline(): string {
    return this.nodes
      .map((node) =>
        [node['Node Type'], node['Index Name'] ?? node['Relation Name'], node['Plan Rows']]
          .filter(Boolean)
          .join(' '),
      )
      .join(' · ');
  }
}

/** Explains statements as the application's role under row-level security, as a snapshot of the tenant would run them. */
export class Explainer {
  private prepared = 0;

  private constructor(
    private readonly client: pg.Client,
    private readonly tenant: Tenant,
  ) {}

  static async connect(url: string, tenant: Tenant): Promise<Explainer> {
    const options = `-c role=${APP_ROLE} -c timezone=UTC ${PLANNING}`;
    const client = new pg.Client({ connectionString: url, options });
    await client.connect();
    return new Explainer(client, tenant);
  }

  async plan(text: string, values: readonly unknown[], mode: PlanMode): Promise<Plan> {
    await this.client.query(`begin isolation level repeatable read read only; ${bindTenant(this.tenant)}`);
    try {
      const rows = mode === 'custom' ? await this.custom(text, values) : await this.generic(text);
      return new Plan(rows[0]!['QUERY PLAN'][0]!.Plan);
    } finally {
      await this.client.query('rollback');
    }
  }

  /** How many of ten runs of a prepared statement used the plan for all values. */
  async genericRuns(text: string, values: readonly unknown[]): Promise<number> {
    const name = `repeated_${++this.prepared}`;
    await this.client.query(`begin isolation level repeatable read read only; ${bindTenant(this.tenant)}`);
    try {
      for (let run = 1; run <= 10; run++) await this.client.query({ name, text, values: [...values] });
      const { rows } = await this.client.query<{ generic_plans: string }>(
        'select generic_plans from pg_prepared_statements where name = $1',
        [name],
      );
      return Number(rows[0]!.generic_plans);
    } finally {
      await this.client.query('rollback');
    }
  }

  /** The plan inside a search function: its body, with its settings, as the role that owns it. */
  async planOfSearch(body: string, settings: readonly string[], values: readonly unknown[]): Promise<Plan> {
    const parameters = {
      organization: '$1::uuid',
      pattern: '$2::text',
      key: '$2::text',
      threshold: '$3::real',
    };
    const text = Object.entries(parameters).reduce(
      (all, [name, parameter]) => all.replace(new RegExp(`\\b${name}\\b`, 'g'), parameter),
      body,
    );
    const used = values.slice(0, new Set(text.match(/\$\d/g)).size);
    await this.client.query(`begin isolation level repeatable read read only; ${bindTenant(this.tenant)}`);
    try {
      for (const setting of settings) {
        const [name, value] = setting.split('=') as [string, string];
        await this.client.query('select set_config($1, $2, true)', [name, value.replaceAll('"', '')]);
      }
      await this.client.query('reset role; set local role kontor_search');
      return new Plan((await this.custom(text, used))[0]!['QUERY PLAN'][0]!.Plan);
    } finally {
      await this.client.query('rollback');
    }
  }

  private async custom(text: string, values: readonly unknown[]): Promise<ExplainRow[]> {
    return (await this.client.query<ExplainRow>(`explain (format json) ${text}`, [...values])).rows;
  }

  /** Generic plans are forced, so the values given to `execute` don't matter. */
  private async generic(text: string): Promise<ExplainRow[]> {
    const parameters = new Set(text.match(/\$\d+/g)).size;
    const nulls = parameters > 0 ? `(${Array.from({ length: parameters }, () => 'null').join()})` : '';
    await this.client.query(`set local plan_cache_mode = force_generic_plan`);
    await this.client.query(`prepare explained as ${text}`);
    try {
      return (await this.client.query<ExplainRow>(`explain (format json) execute explained${nulls}`)).rows;
    } finally {
      await this.client.query('deallocate explained');
    }
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

interface ExplainRow {
  'QUERY PLAN': { Plan: PlanNode }[];
}
