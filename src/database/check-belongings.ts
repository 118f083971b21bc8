import sql from 'sql-template-tag';
import type { Invariant } from './check-invariants.ts';

/** What hangs on people: memberships in campaigns and activities. */
export const belongings: Invariant[] = [
  {
    name: 'member-went-with-the-lead',
    sentence: "A converted lead's memberships in campaigns are its contact's.",
    severity: 'error',
    recordType: 'CampaignMember',
    violations: (organizationId) => sql`
      select m.id from campaign_member m
      join lead_conversion c on c.organization_id = ${organizationId} and c.lead_id = m.lead_id
        and c.reverted_at is null and c.contact_id is not null
      where m.organization_id = ${organizationId}`,
  },
  {
    name: 'activity-went-with-the-lead',
    sentence: "A converted lead's activities are its contact's, too.",
    severity: 'error',
    recordType: 'Activity',
    violations: (organizationId) => sql`
      select a.id from activity a
      join lead_conversion c on c.organization_id = ${organizationId} and c.lead_id = a.lead_id
        and c.reverted_at is null and c.contact_id is not null
      where a.organization_id = ${organizationId} and a.contact_id is null`,
  },
  {
    name: 'activity-belongs-somewhere',
    sentence: 'An activity is with a lead or a contact, at an account or about an opportunity.',
    severity: 'error',
    recordType: 'Activity',
    violations: (organizationId) => sql`
      select a.id from activity a
      where a.organization_id = ${organizationId}
        and coalesce(a.lead_id, a.contact_id, a.account_id, a.opportunity_id) is null`,
  },
];
