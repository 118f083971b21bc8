import sql, { type Sql } from 'sql-template-tag';
import type { NodeType } from '../graphql/ids.ts';
import { belongings } from './check-belongings.ts';
import { customFieldInvariants } from './check-custom-fields.ts';
import { jobs } from './check-jobs.ts';
import { metricInputs } from './check-metrics.ts';
import { merges } from './check-merges.ts';

/** What always holds among the records of one organisation, whatever was written in whatever order. */
export interface Invariant {
  name: string;
  /** The rule itself, as one would tell it to a colleague. */
  sentence: string;
  /** A warning may have a good reason: a person who changed companies after the conversion. */
  severity: 'error' | 'warning';
  recordType: NodeType;
  /** The records that break it, as rows with `id`. */
  violations: (organizationId: string) => Sql;
}

const history: Invariant[] = [
  {
    name: 'opportunity-has-history',
    sentence: 'Every opportunity has exactly one current version.',
    severity: 'error',
    recordType: 'Opportunity',
    violations: (organizationId) => sql`
      select o.id from opportunity o
      where o.organization_id = ${organizationId} and 1 <> (
        select count(*) from opportunity_version v
        where v.organization_id = ${organizationId} and v.opportunity_id = o.id and v.valid_to is null)`,
  },
  {
    name: 'history-ends-with-the-present',
    sentence: 'The current version of an opportunity equals the opportunity.',
    severity: 'error',
    recordType: 'Opportunity',
    violations: (organizationId) => sql`
      select distinct o.id from opportunity o
      join opportunity_version v on v.organization_id = ${organizationId} and v.opportunity_id = o.id and v.valid_to is null
      where o.organization_id = ${organizationId}
        and (v.stage_id, v.amount, v.currency, v.probability, v.forecast_category, v.close_date, v.is_closed, v.is_won)
          is distinct from
          (o.stage_id, o.amount, o.currency, o.probability, o.forecast_category, o.close_date, o.is_closed, o.is_won)`,
  },
  {
    name: 'history-has-no-gaps',
    sentence: 'Each version of an opportunity ends when the next begins.',
    severity: 'error',
    recordType: 'Opportunity',
    violations: (organizationId) => sql`
      select distinct opportunity_id as id from (
        select opportunity_id, valid_to,
          lead(valid_from) over (partition by opportunity_id order by valid_from) as next_from
        from opportunity_version where organization_id = ${organizationId}
      ) version
      where next_from is not null and valid_to is distinct from next_from`,
  },
  {
    name: 'closed-when-history-says',
    sentence:
      'A closed opportunity was closed when a closed version of it begins, and no later version is open.',
    severity: 'error',
    recordType: 'Opportunity',
    violations: (organizationId) => sql`
      select o.id from opportunity o
      where o.organization_id = ${organizationId} and o.is_closed and (
        not exists (
          select from opportunity_version v
          where v.organization_id = ${organizationId} and v.opportunity_id = o.id
            and v.is_closed and v.valid_from = o.closed_at)
        or exists (
          select from opportunity_version v
          where v.organization_id = ${organizationId} and v.opportunity_id = o.id
            and not v.is_closed and v.valid_from >= o.closed_at))`,
  },
  {
    name: 'closed-as-the-stage-says',
    sentence:
      "An opportunity is closed and won exactly when its stage is, and sorted by its stage's position.",
    severity: 'error',
    recordType: 'Opportunity',
    violations: (organizationId) => sql`
      select o.id from opportunity o
      join stage s on s.organization_id = ${organizationId} and s.id = o.stage_id
      where o.organization_id = ${organizationId}
        and ((o.is_closed, o.is_won, o.stage_position) is distinct from (s.is_closed, s.is_won, s.position)
          or o.is_closed <> (o.closed_at is not null))`,
  },
  {
    name: 'pushes-are-counted',
    sentence: 'An opportunity counts at least the times its history shows the close date moved later.',
    severity: 'error',
    recordType: 'Opportunity',
    violations: (organizationId) => sql`
      select o.id from opportunity o
      left join (
        select opportunity_id, count(*) filter (where close_date > earlier) as pushes from (
          select opportunity_id, close_date,
            lag(close_date) over (partition by opportunity_id order by valid_from) as earlier
          from opportunity_version where organization_id = ${organizationId}
        ) version group by opportunity_id
      ) pushed on pushed.opportunity_id = o.id
      where o.organization_id = ${organizationId} and o.push_count < coalesce(pushed.pushes, 0)`,
  },
];

const contactRoles: Invariant[] = [
  {
    name: 'one-primary-contact',
    sentence: 'An opportunity has at most one primary contact.',
    severity: 'error',
    recordType: 'Opportunity',
    violations: (organizationId) => sql`
      select opportunity_id as id from opportunity_contact_role
      where organization_id = ${organizationId} and is_primary
      group by opportunity_id having count(*) > 1`,
  },
  {
    name: 'converted-opportunity-has-primary-contact',
    sentence:
      'An opportunity that a conversion created has a primary contact, unless somebody took everybody out of it.',
    severity: 'error',
    recordType: 'Opportunity',
    violations: (organizationId) => sql`
      select distinct c.opportunity_id as id from lead_conversion c
      join opportunity o on o.organization_id = ${organizationId} and o.id = c.opportunity_id and o.deleted_at is null
      where c.organization_id = ${organizationId} and c.opportunity_outcome = 'CREATED'
        and c.reverted_at is null and c.contact_id is not null
        and not exists (
          select from opportunity_contact_role r
          where r.organization_id = ${organizationId} and r.opportunity_id = c.opportunity_id and r.is_primary)
        and (
          exists (
            select from opportunity_contact_role r
            where r.organization_id = ${organizationId} and r.opportunity_id = c.opportunity_id)
          or not exists (
            select from audit_entry e
            where e.organization_id = ${organizationId} and e.record_id = c.opportunity_id
              and e.action = 'removeOpportunityContact'))`,
  },
];

const conversions: Invariant[] = [
  {
    name: 'converted-once',
    sentence: 'A lead is converted exactly when it has one conversion that was not reverted.',
    severity: 'error',
    recordType: 'Lead',
    violations: (organizationId) => sql`
      select l.id from lead l
      where l.organization_id = ${organizationId} and case when l.is_converted then 1 else 0 end <> (
        select count(*) from lead_conversion c
        where c.organization_id = ${organizationId} and c.lead_id = l.id and c.reverted_at is null)`,
  },
  {
    name: 'converted-at-one-time',
    sentence: 'A converted lead and its conversion tell the same time.',
    severity: 'error',
    recordType: 'Lead',
    violations: (organizationId) => sql`
      select l.id from lead l
      join lead_conversion c on c.organization_id = ${organizationId} and c.lead_id = l.id and c.reverted_at is null
      where l.organization_id = ${organizationId} and l.is_converted and l.converted_at <> c.converted_at`,
  },
  {
    name: 'contact-still-at-the-account',
    sentence:
      "A conversion's contact and opportunity belong to its account (unless somebody moved them since).",
    severity: 'warning',
    recordType: 'LeadConversion',
    violations: (organizationId) => sql`
      select c.id from lead_conversion c
      left join contact p on p.organization_id = ${organizationId} and p.id = c.contact_id
      left join opportunity o on o.organization_id = ${organizationId} and o.id = c.opportunity_id
      where c.organization_id = ${organizationId} and c.reverted_at is null and c.account_id is not null
        and (p.id is not null and p.account_id is distinct from c.account_id
          or o.id is not null and o.account_id is distinct from c.account_id)`,
  },
  {
    name: 'matched-account-exists',
    sentence: 'The account a lead is matched to is not deleted.',
    severity: 'error',
    recordType: 'Lead',
    violations: (organizationId) => sql`
      select l.id from lead l
      join account a on a.organization_id = ${organizationId} and a.id = l.matched_account_id
      where l.organization_id = ${organizationId} and l.deleted_at is null and a.deleted_at is not null`,
  },
  {
    name: 'undone-is-gone',
    sentence: 'What an undone conversion had created is deleted.',
    severity: 'error',
    recordType: 'LeadConversion',
    violations: (organizationId) => sql`
      select c.id from lead_conversion c
      left join account a on a.organization_id = ${organizationId} and a.id = c.account_id and a.deleted_at is null
      left join contact p on p.organization_id = ${organizationId} and p.id = c.contact_id and p.deleted_at is null
      left join opportunity o on o.organization_id = ${organizationId} and o.id = c.opportunity_id and o.deleted_at is null
      where c.organization_id = ${organizationId} and c.reverted_at is not null
        and (c.account_outcome = 'CREATED' and a.id is not null
          or c.contact_outcome = 'CREATED' and p.id is not null
          or c.opportunity_outcome = 'CREATED' and o.id is not null)`,
  },
  {
    name: 'account-is-there',
    sentence: 'Contacts and opportunities belong to no deleted account.',
    severity: 'error',
    recordType: 'Account',
    violations: (organizationId) => sql`
      select a.id from account a
      where a.organization_id = ${organizationId} and a.deleted_at is not null and (
        exists (
          select from contact p
          where p.organization_id = ${organizationId} and p.account_id = a.id and p.deleted_at is null)
        or exists (
          select from opportunity o
          where o.organization_id = ${organizationId} and o.account_id = a.id and o.deleted_at is null))`,
  },
  {
    name: 'remembered-answers-exist',
    sentence: 'A remembered answer to a repeated conversion names a conversion that exists.',
    severity: 'error',
    recordType: 'LeadConversion',
    violations: (organizationId) => sql`
      select (k.result ->> 'conversionId')::uuid as id from idempotency_key k
      where k.organization_id = ${organizationId} and k.result ->> 'conversionId' is not null
        and not exists (
          select from lead_conversion c
          where c.organization_id = ${organizationId} and c.id = (k.result ->> 'conversionId')::uuid)`,
  },
];

const handoffs: Invariant[] = [
  {
    name: 'pending-handoff-of-open-lead',
    sentence: 'A hand-off that waits for a decision is of a lead that is neither converted nor deleted.',
    severity: 'error',
    recordType: 'LeadHandoff',
    violations: (organizationId) => sql`
      select h.id from lead_handoff h
      join lead l on l.organization_id = ${organizationId} and l.id = h.lead_id
      where h.organization_id = ${organizationId} and h.decision is null
        and (l.is_converted or l.deleted_at is not null)`,
  },
  {
    name: 'accepted-handoff-is-sal',
    sentence: 'A lead whose hand-off was accepted is sales-accepted (SAL) since then at the latest.',
    severity: 'error',
    recordType: 'LeadHandoff',
    violations: (organizationId) => sql`
      select h.id from lead_handoff h
      join lead l on l.organization_id = ${organizationId} and l.id = h.lead_id
      where h.organization_id = ${organizationId} and h.decision = 'ACCEPTED'
        and (l.sal_at is null or l.sal_at > h.decided_at)`,
  },
];

const reviews: Invariant[] = [
  {
    name: 'open-proposal-of-open-lead',
    sentence: 'A lead whose conversion waits for its review is not converted.',
    severity: 'error',
    recordType: 'ConversionProposal',
    violations: (organizationId) => sql`
      select p.id from conversion_proposal p
      join lead l on l.organization_id = ${organizationId} and l.id = p.lead_id and l.is_converted
      where p.organization_id = ${organizationId} and p.state = 'OPEN'`,
  },
  {
    name: 'approved-for-its-lead',
    sentence: 'The conversion a proposal was approved for is of its lead, by who approved it.',
    severity: 'error',
    recordType: 'ConversionProposal',
    violations: (organizationId) => sql`
      select p.id from conversion_proposal p
      join lead_conversion c on c.organization_id = ${organizationId} and c.id = p.conversion_id
      where p.organization_id = ${organizationId}
        and (c.lead_id, c.converted_by_id) is distinct from (p.lead_id, p.reviewed_by_id)`,
  },
  {
    name: 'conversion-is-told-once',
    sentence: 'A conversion that was made here has one journal entry of its making, and no second event.',
    severity: 'error',
    recordType: 'LeadConversion',
    violations: (organizationId) => sql`
      select c.id from lead_conversion c
      where c.organization_id = ${organizationId} and c.effects is not null and 1 <> (
        select count(*) from audit_entry e
        where e.organization_id = ${organizationId} and e.record_id = c.id and e.action = 'convertLead')
      union
      select (e.payload ->> 'recordId')::uuid as id from outbox_event e
      where e.organization_id = ${organizationId} and e.type = 'convertLead'
      group by e.payload ->> 'recordId' having count(*) > 1`,
  },
];

export const invariants: Invariant[] = [
  ...history,
  ...contactRoles,
  ...conversions,
  ...belongings,
  ...handoffs,
  ...reviews,
  ...customFieldInvariants,
  ...merges,
  ...jobs,
  ...metricInputs,
];
