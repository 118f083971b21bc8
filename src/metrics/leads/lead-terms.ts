import sql, { join, raw, type Sql } from 'sql-template-tag';
import { dateIn } from '../../identity/fiscal-calendar.ts';
import { standsAt } from '../metric-view.ts';
import { within } from '../metric-window.ts';
import type { LeadSet } from './lead-set.ts';

/** What a term needs, joined to the lead `t`: its status, conversion, last hand-off, and opportunity. */
export type Joined = 'status' | 'conversion' | 'handoff' | 'deal';

/** What is known of a lead by its creation, by what it is now, by its conversion, and by its last hand-off. */
export type Strand = 'creation' | 'state' | 'conversion' | 'handoff';

interface Term {
  value: (set: LeadSet) => Sql;
  joins?: (set: LeadSet) => Joined[];
  /** The one strand it is known in, and its type beside it, where it is null; absent: in all. */
  only?: { strand: Strand; type: string };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A first contact that counts as an answer. */
const ATTEMPTS = ['EMAIL', 'CALL', 'MEETING'];

const instant = (at: Date) => sql`${at}::timestamptz`;
const milliseconds = (from: Sql, to: Sql) => sql`(extract(epoch from ${to} - ${from}) * 1000)::bigint`;

/** A moment that has come by the view's; by now all that are noted have. */
function reached({ view: { asOf } }: LeadSet, column: Sql): Sql {
  return asOf ? sql`(${column} <= ${instant(asOf)})` : sql`(${column} is not null)`;
}

/** As of a moment the conversion that stood then tells; now the lead itself. */
const isConverted = ({ view: { asOf } }: LeadSet) => (asOf ? sql`(c.id is not null)` : sql`t.is_converted`);
export const convertedAt = ({ view: { asOf } }: LeadSet) =>
  asOf ? sql`c.converted_at` : sql`t.converted_at`;
const byConversion = ({ view: { asOf } }: LeadSet): Joined[] => (asOf ? ['conversion'] : []);

const dateOf = ({ view }: LeadSet, column: Sql) =>
  sql`(${column} at time zone ${view.organization.timeZone})::date`;

const isCreated = ({ view: { window } }: LeadSet) =>
  within(sql`t.created_at`, window.fromInstant, window.toInstant, 'timestamptz');

/** A lead that was converted later was open at the moment, whatever its status is called since. */
const isOpen = (set: LeadSet) => sql`(not ${isConverted(set)} and (not s.is_closed or t.is_converted))`;

const conversionDays = (set: LeadSet) =>
  sql`(${dateOf(set, convertedAt(set))} - ${dateOf(set, sql`t.created_at`)})`;

/** When somebody of ours first went to the lead, or to the contact it has become since. */
function firstAttempt({ view }: LeadSet): Sql {
  const { id } = view.organization;
  const types = join(ATTEMPTS.map((type) => sql`${type}`));
  const first = (whose: Sql) => sql`(
      select min(a.occurred_at) from activity a
      where a.organization_id = ${id} and ${whose} and a.direction = 'OUTBOUND' and a.owner_id is not null
        and a.type in (${types}) and not a.is_open and a.occurred_at >= t.created_at
        and a.occurred_at <= ${instant(view.moment)})`;
  return sql`least(${first(sql`a.lead_id = t.id`)}, ${first(sql`a.contact_id = c.contact_id and a.occurred_at >= c.converted_at`)})`;
}

function idleDays(set: LeadSet): Sql {
  const { organization, moment } = set.view;
  const last = sql`(
      select max(a.occurred_at) from activity a
      where a.organization_id = ${organization.id} and a.lead_id = t.id and not a.is_open
        and a.occurred_at <= ${instant(moment)})`;
  return sql`case when ${isOpen(set)}
      then ${dateIn(organization.timeZone, moment)}::date - ${dateOf(set, sql`coalesce(${last}, t.created_at)`)} end`;
}

function hasContact(set: LeadSet): Sql {
  const { organization, asOf } = set.view;
  const known = asOf ? sql`p.created_at <= ${instant(asOf)}` : sql`true`;
  return sql`case when ${isOpen(set)} then exists (
      select from contact p
      where p.organization_id = ${organization.id} and p.email_key = t.email_key and p.deleted_at is null and ${known}) end`;
}

/** Of several leads converted to one opportunity the first led to it: so each opportunity counts once in all. */
function isFirstOfDeal(set: LeadSet): Sql {
  const { organization, asOf } = set.view;
  const known = asOf ? sql`f.created_at <= ${instant(asOf)}` : sql`true`;
  return sql`(${isCreated(set)} and deal.id is not null and not exists (
      select from lead_conversion e
      join lead f on f.organization_id = ${organization.id} and f.id = e.lead_id and f.deleted_at is null and ${known}
      where e.organization_id = ${organization.id} and e.opportunity_id = c.opportunity_id and ${standsAt(set.view, 'e')}
        and (e.converted_at, e.id) < (c.converted_at, c.id)))`;
}

const always = (...joins: Joined[]) => ({ joins: () => joins });
const only = (strand: Strand, type = 'boolean') => ({ only: { strand, type } });
const ofOpen = (type?: string) => ({
  joins: (set: LeadSet): Joined[] => ['status', ...byConversion(set)],
  ...only('state', type),
});
const ofHandoff = (type?: string) => ({ ...always('handoff'), ...only('handoff', type) });
const ofDeal = (type?: string) => ({ ...always('conversion', 'deal'), ...only('creation', type) });

/** The vocabulary in which every metric is defined, by the name of its column. */
const terms = {
  // whom the metrics are about: each is over one of these four
  created: { value: isCreated, ...only('creation') },
  open: { value: isOpen, ...ofOpen() },
  converted_in: {
    value: (set) => {
      const { fromInstant, toInstant } = set.view.window;
      return sql`(${isConverted(set)} and ${within(convertedAt(set), fromInstant, toInstant, 'timestamptz')})`;
    },
    joins: byConversion,
    ...only('conversion'),
  },
  handed: { value: () => sql`(h.lead_id is not null)`, ...ofHandoff() },

  estimated: { value: () => sql`t.created_at_estimated` },
  imported: { value: () => sql`c.is_imported`, ...always('conversion') },
  converted: { value: isConverted, joins: byConversion },
  converted_soon: {
    value: (set) =>
      set.withinDays === null
        ? isConverted(set)
        : sql`(${isConverted(set)} and ${conversionDays(set)} <= ${set.withinDays}::int)`,
    joins: byConversion,
  },
  conversion_days: { value: conversionDays, joins: byConversion },
  mql_reached: { value: (set) => reached(set, sql`t.mql_at`) },
  sal_reached: { value: (set) => reached(set, sql`t.sal_at`) },
  sql_reached: { value: (set) => reached(set, sql`t.sql_at`) },
  to_contact: { value: () => sql`(c.contact_id is not null)`, ...always('conversion') },
  to_account: { value: () => sql`(c.account_id is not null)`, ...always('conversion') },
  account_outcome: { value: () => sql`c.account_outcome`, ...always('conversion') },
  to_opportunity: { value: () => sql`(c.opportunity_id is not null)`, ...always('conversion') },

  response_ms: {
    value: (set) =>
      sql`case when ${isCreated(set)} then ${milliseconds(sql`t.created_at`, firstAttempt(set))} end`,
    ...always('conversion'),
    ...only('creation', 'bigint'),
  },
  age_ms: { value: ({ view }) => milliseconds(sql`t.created_at`, instant(view.moment)) },
  response_limit: { value: ({ settings }) => sql`${settings.firstResponseMinutes * MINUTE}::bigint` },

  idle_days: { value: idleDays, ...ofOpen('int') },
  active_limit: { value: ({ settings }) => sql`${settings.leadActiveDays}::int` },
  aging_limit: { value: ({ settings }) => sql`${settings.leadAgingDays}::int` },
  has_contact: { value: hasContact, ...ofOpen() },
  unmatched: { value: () => sql`(t.matched_account_id is null)` },

  decision: { value: () => sql`h.decision`, ...ofHandoff('text') },
  decision_ms: { value: () => milliseconds(sql`h.handed_at`, sql`h.decided_at`), ...ofHandoff('bigint') },
  handed_ms: {
    value: ({ view }) => milliseconds(sql`h.handed_at`, instant(view.moment)),
    ...ofHandoff('bigint'),
  },
  handoff_limit: { value: ({ settings }) => sql`${settings.handoffHours * HOUR}::bigint` },
  bounced: { value: () => sql`h.bounced`, ...ofHandoff() },

  opportunity_id: { value: () => sql`c.opportunity_id`, ...always('conversion') },
  first_of_deal: { value: isFirstOfDeal, ...ofDeal() },
  won: { value: () => sql`deal.won`, ...ofDeal() },
  amount: { value: () => sql`deal.amount`, ...ofDeal('numeric') },
  amount_missing: { value: () => sql`deal.amount_missing`, ...ofDeal() },
  unconverted: { value: () => sql`deal.unconverted`, ...ofDeal() },
} satisfies Record<string, Term>;

export type LeadTerm = keyof typeof terms;
export const leadTerms: Record<LeadTerm, Term> = terms;

/** The terms as columns of `leadRows(…) found`: computed once per row, however many aggregates ask for them. */
export const lead = Object.fromEntries(
  Object.keys(terms).map((name) => [name, raw(`found.${name}`)]),
) as Record<LeadTerm, Sql>;

/** The terms that SQL over `found` asks for. */
export function termsIn(statement: Sql): LeadTerm[] {
  const names = new Set(Array.from(statement.text.matchAll(/\bfound\.(\w+)/g), ([, name]) => name!));
  return (Object.keys(terms) as LeadTerm[]).filter((name) => names.has(name));
}
