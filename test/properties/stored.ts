import sql from 'sql-template-tag';
import type { Sales } from '../conversion/sales.ts';
import type {
  Account,
  Activity,
  Contact,
  Id,
  Lead,
  Membership,
  Opportunity,
  Organisation,
  Part,
  Settings,
  Stage,
  Status,
} from './model/records.ts';

type Row = Record<string, unknown>;

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const ADDRESS = ['street', 'city', 'state', 'postal_code', 'country'];
const COMPANY = [
  ...['website', 'domain', 'industry', 'employees', 'annual_revenue', 'annual_revenue_currency'],
  ...['phone', 'rating'],
];
const PERSON = [
  ...['first_name', 'last_name', 'title', 'email', 'phone', 'mobile', 'source', 'description'],
  ...['do_not_call', 'email_opt_out'],
];
const COLUMNS: Record<string, string[]> = {
  lead: [
    ...['company', 'queue_id', 'campaign_id', 'status_id', 'is_converted', 'version'],
    ...[...COMPANY, ...PERSON, ...ADDRESS],
  ],
  account: ['name', ...COMPANY, ...ADDRESS],
  contact: ['account_id', ...PERSON, ...ADDRESS],
  opportunity: [
    ...['account_id', 'name', 'stage_id', 'amount', 'currency', 'probability', 'forecast_category'],
    ...['close_date', 'is_closed', 'source', 'campaign_id'],
  ],
  opportunity_contact_role: ['opportunity_id', 'contact_id', 'role', 'is_primary'],
  activity: ['id', 'is_open', 'lead_id', 'account_id', 'contact_id', 'opportunity_id', 'owner_id'],
  campaign_member: ['campaign_id', 'lead_id', 'contact_id', 'responded_at'],
  stage: ['id', 'name', 'position', 'probability', 'forecast_category', 'is_closed'],
  lead_status: ['id', 'name', 'position', 'is_converted'],
};
const MONEY = new Set(['annual_revenue', 'amount']);

function valueOf(column: string, value: unknown): unknown {
  if (value === null) return null;
  if (MONEY.has(column)) return BigInt(value as string);
  return column === 'responded_at' ? Date.parse(value as string) : value;
}

const pick = (table: string, row: Row): Row =>
  Object.fromEntries(COLUMNS[table]!.map((column) => [camel(column), valueOf(column, row[column])]));

const custom = (values: unknown): Row =>
  Object.fromEntries(Object.entries(values as Row).map(([key, value]) => [`custom.${key}`, value]));

const pickTracked = (table: string, row: Row): Row => ({
  ...pick(table, row),
  ...custom(row['custom_fields']),
  ...{ id: row['id'], ownerId: row['owner_id'], isDeleted: row['deleted_at'] !== null },
  updatedAt: Date.parse(row['updated_at'] as string),
  ...(table === 'lead' && {
    chosenAccountId: row['match_method'] === 'MANUAL' ? row['matched_account_id'] : null,
  }),
});

/** What is stored of an organisation, in the words of the model. */
export async function stored(sales: Sales): Promise<Organisation> {
  const all = await sales.everything();
  const rows = <T>(table: string) => all[table]!.map((row) => pick(table, row)) as T[];
  const records = <T>(table: string) => all[table]!.map((row) => pickTracked(table, row)) as T[];
  const organization = await sales.world.database.read(sales.admin, (snapshot) =>
    snapshot.one<Row>(sql`select * from organization where id = ${sales.organization.id}`),
  );
  const settings: Settings = {
    currency: organization!['currency'] as string,
    timeZone: organization!['time_zone'] as string,
    fiscalYearStartMonth: organization!['fiscal_year_start_month'] as number,
    duplicatePolicy: organization!['duplicate_policy'] as Settings['duplicatePolicy'],
    similarPolicy: organization!['similar_policy'] as Settings['similarPolicy'],
    stages: rows<Stage>('stage'),
    statuses: rows<Status>('lead_status'),
    mappings: organization!['field_mappings'] as Settings['mappings'],
    customKeys: [...new Set(all['custom_field']!.map((row) => row['key'] as string))],
    activeUsers: all['app_user']!.filter((row) => row['is_active']).map((row) => row['id'] as Id),
  };
  return {
    settings,
    leads: records<Lead>('lead'),
    accounts: records<Account>('account'),
    contacts: records<Contact>('contact'),
    opportunities: records<Opportunity>('opportunity'),
    parts: rows<Part>('opportunity_contact_role'),
    activities: rows<Activity>('activity'),
    memberships: rows<Membership>('campaign_member'),
  };
}

/** The records alone, in an order of their own, without versions and the times of changes. */
export function comparable(organisation: Organisation): Record<string, Row[]> {
  const { settings: _settings, ...records } = organisation;
  return Object.fromEntries(
    Object.entries(records as unknown as Record<string, Row[]>).map(([kind, rows]) => [
      kind,
      rows
        .map(({ version: _version, updatedAt: _updatedAt, ...row }) => row)
        .toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)),
    ]),
  );
}

const sortKey = (row: Row) =>
  JSON.stringify(Object.entries(row).toSorted(), (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
