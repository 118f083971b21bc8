import type { Id, Organisation } from './records.ts';

/** The contact has one part in the deal, and the deal one main contact. */
export function takePart(
  { parts }: Organisation,
  opportunityId: Id,
  contactId: Id,
  role: string | null,
): void {
  const ofDeal = parts.filter((part) => part.opportunityId === opportunityId);
  const isPrimary = !ofDeal.some((part) => part.isPrimary);
  const own = ofDeal.find((part) => part.contactId === contactId);
  if (!own) {
    parts.push({ opportunityId, contactId, role, isPrimary });
    return;
  }
  if (role !== null) own.role = role;
  if (isPrimary) own.isPrimary = true;
}

/** The lead's activities belong to what it became as well; what is still to be done is the owner's. */
export function linkActivities(
  { activities }: Organisation,
  leadId: Id,
  links: { accountId: Id; contactId: Id; opportunityId: Id | null },
  owner: Id | null,
): void {
  for (const activity of activities.filter((one) => one.leadId === leadId)) {
    activity.accountId ??= links.accountId;
    activity.contactId ??= links.contactId;
    activity.opportunityId ??= links.opportunityId;
    if (activity.isOpen) activity.ownerId = owner;
  }
}

/** The lead's memberships become the contact's: one per campaign, with the earlier response. */
export function joinCampaigns(organisation: Organisation, leadId: Id, contactId: Id): void {
  const ofLead = organisation.memberships.filter((one) => one.leadId === leadId);
  for (const moved of ofLead) {
    const own = organisation.memberships.find(
      (one) => one.contactId === contactId && one.campaignId === moved.campaignId,
    );
    if (!own) {
      Object.assign(moved, { leadId: null, contactId });
      continue;
    }
    const responses = [own.respondedAt, moved.respondedAt].filter((at) => at !== null);
    own.respondedAt = responses.length > 0 ? Math.min(...responses) : null;
    organisation.memberships.splice(organisation.memberships.indexOf(moved), 1);
  }
}
