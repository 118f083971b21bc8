import sql, { type Sql } from 'sql-template-tag';
import { MetricUnit } from '../metric.enums.ts';
import { and, count, duration, type LeadDefinition, rate } from './lead-definition.ts';
import { lead } from './lead-terms.ts';

const { created } = lead;

const link = (name: string, label: string, what: string, condition: Sql, remark = '') =>
  rate(
    {
      path: `milestones.${name}`,
      label: `Lead to ${label}`,
      formula: `Of the leads created in the window, those converted so far ${what} ÷ all of them. A conversion that was undone is none.${remark}`,
    },
    and(created, condition),
    created,
  );

const newOrExisting = ' Imported conversions do not tell new from existing: they are in toAccount only.';

/** What became of the leads created in the window: how far they came, and what they came to. */
export const cohortDefinitions = {
  leadToMql: rate(
    {
      path: 'milestones.mql',
      label: 'Lead to MQL',
      formula: 'Of the leads created in the window, those marketing-qualified so far (mqlAt) ÷ all of them.',
    },
    and(created, lead.mql_reached),
    created,
  ),
  leadMqlToSal: rate(
    {
      path: 'milestones.sal',
      label: 'MQL to SAL',
      formula:
        'Of the leads created in the window that were marketing-qualified so far, those also accepted by sales (salAt) ÷ all of them.',
    },
    and(created, lead.mql_reached, lead.sal_reached),
    and(created, lead.mql_reached),
  ),
  leadSalToSql: rate(
    {
      path: 'milestones.sql',
      label: 'SAL to SQL',
      formula:
        'Of the leads created in the window that were accepted by sales so far, those also sales-qualified (sqlAt) ÷ all of them.',
    },
    and(created, lead.sal_reached, lead.sql_reached),
    and(created, lead.sal_reached),
  ),
  leadSqlToConverted: rate(
    {
      path: 'milestones.converted',
      label: 'SQL to converted',
      formula:
        'Of the leads created in the window that were sales-qualified so far, those also converted ÷ all of them.',
    },
    and(created, lead.sql_reached, lead.converted),
    and(created, lead.sql_reached),
  ),
  toContact: link('toContact', 'contact', 'with a contact', lead.to_contact),
  toAccount: link('toAccount', 'account', 'with an account', lead.to_account),
  toNewAccount: link(
    'toNewAccount',
    'new account',
    'with an account that the conversion made',
    and(lead.to_account, sql`${lead.account_outcome} = 'CREATED'`),
    newOrExisting,
  ),
  toExistingAccount: link(
    'toExistingAccount',
    'existing account',
    'with an account that was there before',
    and(lead.to_account, sql`${lead.account_outcome} in ('MERGED', 'ATTACHED')`),
    newOrExisting,
  ),
  toOpportunity: link('toOpportunity', 'opportunity', 'with an opportunity', lead.to_opportunity),
  leadSourceLeads: count(
    {
      path: 'effectiveness.leads',
      label: 'Effectiveness: leads',
      formula: 'Leads created in the window: the cohort that effectiveness is about.',
    },
    created,
  ),
  leadSourceMql: count(
    {
      path: 'effectiveness.mql',
      label: 'Effectiveness: MQL',
      formula: 'Leads created in the window that were marketing-qualified so far (mqlAt).',
    },
    and(created, lead.mql_reached),
  ),
  leadSourceConverted: count(
    {
      path: 'effectiveness.converted',
      label: 'Effectiveness: converted',
      formula: 'Leads created in the window that are converted so far.',
    },
    and(created, lead.converted),
  ),
  leadSourceOpportunities: count(
    {
      path: 'effectiveness.opportunities',
      label: 'Effectiveness: opportunities',
      formula:
        'Opportunities that leads created in the window led to, each with the lead that was converted to it first (among all leads): so none counts twice, and groups add up. `records` are those leads.',
    },
    and(created, lead.first_of_deal),
  ),
  leadSourceWon: count(
    {
      path: 'effectiveness.won',
      label: 'Effectiveness: won',
      formula: 'Of leadSourceOpportunities those won so far. `records` are their leads.',
    },
    and(created, lead.first_of_deal, lead.won),
  ),
  leadSourceWonAmount: {
    shape: 'amount',
    path: 'effectiveness.wonAmount',
    label: 'Effectiveness: won amount',
    formula:
      "Σ amount of leadSourceWon in the organisation's currency; others are converted at the rate of their close date.",
    unit: MetricUnit.MONEY,
    emptyValue: '0',
    counted: and(created, lead.first_of_deal, lead.won),
  },
  leadSourceTimeToConversion: duration(
    {
      path: 'effectiveness.timeToConversion',
      label: 'Effectiveness: time to conversion',
      formula:
        "The date of the conversion − the date of createdAt, in the organisation's time zone, over the leads created in the window that are converted so far: mean, median and p90 as in leadTimeToConversion.",
    },
    and(created, lead.converted),
  ),
} as const satisfies Record<string, LeadDefinition>;
