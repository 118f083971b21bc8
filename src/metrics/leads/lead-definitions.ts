import sql from 'sql-template-tag';
import { MetricUnit } from '../metric.enums.ts';
import { cohortDefinitions } from './lead-cohort-definitions.ts';
import { and, count, duration, type LeadDefinition, rate } from './lead-definition.ts';
import { lead } from './lead-terms.ts';

const { created, open, handed } = lead;

const answered = and(created, sql`${lead.response_ms} is not null`);
const isLate = sql`${lead.age_ms} > ${lead.response_limit}`;
const overdue = and(created, sql`${lead.response_ms} is null`, isLate);
const isPending = sql`${lead.decision} is null`;
const isLateDecision = sql`${lead.handed_ms} > ${lead.handoff_limit}`;
const isAmbiguous = sql`(${lead.has_contact} or ${lead.unmatched})`;

/**
 * The catalogue of leads, one entry per metric: its text and its SQL side by side. The SQL is over `leadRows(…) found`; every
 * condition begins with the population it is about: created, open, converted in the window, or handed over in it.
 */
export const leadDefinitions = {
  leadsCreated: count(
    {
      path: 'created',
      label: 'Leads created',
      formula: 'Leads created in the window, whatever became of them.',
    },
    created,
  ),
  leadsCreatedEstimated: count(
    {
      path: 'createdEstimated',
      label: 'Leads created, date estimated',
      formula:
        'Of leadsCreated those imported without a date of creation: createdAt is the earliest date known of them (createdAtEstimated).',
    },
    and(created, lead.estimated),
  ),
  leadsOpen: count(
    {
      path: 'open',
      label: 'Open leads',
      formula:
        'Leads that are not converted and whose status is not closed. Current state: a window does not restrict it.',
    },
    open,
  ),
  leadsConverted: count(
    {
      path: 'converted',
      label: 'Leads converted',
      formula:
        'Leads converted in the window, whenever they were created. By what happened, not by the name of a status; a conversion that was undone is none.',
    },
    lead.converted_in,
  ),
  leadsConvertedImported: count(
    {
      path: 'convertedImported',
      label: 'Leads converted elsewhere',
      formula: 'Of leadsConverted those whose conversion was imported: it happened in another system.',
    },
    and(lead.converted_in, lead.imported),
  ),
  leadConversionCohort: rate(
    {
      path: 'conversionCohort',
      label: 'Lead conversion (cohort)',
      formula:
        'Of the leads created in the window, those converted so far (with withinDays: at most so many days after the date of creation) ÷ all of them. Never above 1.',
    },
    and(created, lead.converted_soon),
    created,
  ),
  leadConversionPeriod: rate(
    {
      path: 'conversionPeriod',
      label: 'Lead conversion (period)',
      formula:
        'Leads converted in the window ÷ leads created in the window: may exceed 1. numeratorRecords lists the former, records the latter.',
    },
    lead.converted_in,
    created,
  ),
  timeToConversion: duration(
    {
      path: 'timeToConversion',
      label: 'Time to conversion',
      formula:
        "The date of the conversion − the date of createdAt, in the organisation's time zone, over the leads converted in the window: mean, median (the middle value, or the mean of the two in the middle) and p90 (nearest rank). Negative days (converted before created) are included, and counted in `negative`.",
    },
    lead.converted_in,
  ),
  speedToLead: {
    shape: 'response',
    path: 'speedToLead',
    label: 'Speed to lead',
    formula:
      'The first human attempt − createdAt, in minutes, over the leads created in the window that were answered. An attempt is an outbound e-mail, call or meeting of a person of ours that is done, at or after createdAt: with the lead or, once it is converted, with the contact it became. p50 is the median (the middle value, or the mean of the two in the middle), p95 is by nearest rank. Bands are half-open: 5 minutes are in 5–15.',
    unit: MetricUnit.MINUTES,
    emptyValue: 'null',
    counted: answered,
    milliseconds: lead.response_ms,
    overdue,
    waiting: and(created, sql`${lead.response_ms} is null`, sql`not ${isLate}`),
  },
  leadResponseWithinSla: rate(
    {
      path: 'speedToLead.withinSla',
      label: 'Answered in time',
      formula:
        "Leads created in the window that were answered within the organisation's limit (metric settings, firstResponseMinutes) ÷ those answered or overdue. Unanswered ones are in the denominator once the limit has passed.",
    },
    and(answered, sql`${lead.response_ms} <= ${lead.response_limit}`),
    and(created, sql`(${lead.response_ms} is not null or ${isLate})`),
  ),
  handoff: rate(
    {
      path: 'handoff',
      label: 'Hand-offs accepted',
      formula:
        'Of the leads handed over in the window, those accepted ÷ those decided or overdue (pending for longer than handoffHours of the metric settings), by the last hand-off of each in the window. One that was withdrawn is none.',
    },
    and(handed, sql`${lead.decision} = 'ACCEPTED'`),
    and(handed, sql`(${lead.decision} is not null or ${isLateDecision})`),
  ),
  leadHandoffPending: count(
    {
      path: 'handoffPending',
      label: 'Hand-offs pending',
      formula: 'Leads handed over in the window that nobody has decided on, overdue ones among them.',
    },
    and(handed, isPending),
  ),
  leadHandoffOverdue: count(
    {
      path: 'handoffOverdue',
      label: 'Hand-offs overdue',
      formula:
        'Of leadHandoffPending those that have waited longer than handoffHours of the metric settings.',
    },
    and(handed, isPending, isLateDecision),
  ),
  leadHandoffBounced: count(
    {
      path: 'handoffBounced',
      label: 'Leads bounced back',
      formula: 'Leads handed over in the window that were given back at least once, whatever came next.',
    },
    and(handed, lead.bounced),
  ),
  leadHandoffDecision: {
    shape: 'wait',
    path: 'handoffDecision',
    label: 'Time to decision',
    formula:
      'From the hand-over to the decision, in minutes, over the leads handed over in the window whose last hand-off is accepted or bounced: mean, median (the middle value, or the mean of the two in the middle) and p90 (nearest rank).',
    unit: MetricUnit.MINUTES,
    emptyValue: 'null',
    counted: and(handed, sql`${lead.decision} is not null`),
    milliseconds: lead.decision_ms,
  },
  leadAgeingActive: count(
    {
      path: 'ageing.active',
      label: 'Active leads',
      formula:
        "Open leads with at most leadActiveDays days (metric settings; 30) from their last activity, else from their creation, by dates in the organisation's time zone. Planned activities are none. Current state: a window does not restrict it.",
    },
    and(open, sql`${lead.idle_days} <= ${lead.active_limit}`),
  ),
  leadAgeingAging: count(
    {
      path: 'ageing.aging',
      label: 'Aging leads',
      formula: 'Open leads past leadActiveDays, and up to leadAgingDays (90), days without activity.',
    },
    and(open, sql`${lead.idle_days} > ${lead.active_limit}`, sql`${lead.idle_days} <= ${lead.aging_limit}`),
  ),
  leadAgeingStale: count(
    {
      path: 'ageing.stale',
      label: 'Stale leads',
      formula: 'Open leads with more than leadAgingDays (90) days without activity, and past leadActiveDays.',
    },
    and(open, sql`${lead.idle_days} > ${lead.active_limit}`, sql`${lead.idle_days} > ${lead.aging_limit}`),
  ),
  leadInBothStates: count(
    {
      path: 'ambiguity.inBothStates',
      label: 'Lead and contact at once',
      formula:
        'Open leads whose e-mail address (whatever its case) is also that of a contact. Current state: a window does not restrict it.',
    },
    and(open, lead.has_contact),
  ),
  leadUnmatched: count(
    {
      path: 'ambiguity.unmatched',
      label: 'Leads without an account',
      formula:
        'Open leads that are matched to no account, or to several. Current state: a window does not restrict it.',
    },
    and(open, lead.unmatched),
  ),
  ambiguity: rate(
    {
      path: 'ambiguity.ambiguous',
      label: 'Ambiguous leads',
      formula:
        'Open leads that are a contact at once, or matched to no account ÷ open leads. Best near 0. Current state: a window does not restrict it.',
    },
    and(open, isAmbiguous),
    open,
  ),
  ...cohortDefinitions,
} as const satisfies Record<string, LeadDefinition>;

export type LeadMetricKey = keyof typeof leadDefinitions;

export const leadMetricKeys = Object.keys(leadDefinitions) as LeadMetricKey[];

export function leadDefinition(key: LeadMetricKey): LeadDefinition {
  return leadDefinitions[key];
}
