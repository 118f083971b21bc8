import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { CampaignEntity, CampaignMemberEntity } from '../../src/campaigns/campaign.entity.ts';
import { campaignKeys } from '../../src/campaigns/campaign.keys.ts';
import { ActivityEntity } from '../../src/activities/activity.entity.ts';
import { ActivityType } from '../../src/activities/activity.enums.ts';
import { checkOrganization } from '../../src/database/check.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { created, Sales } from '../conversion/sales.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const tracked = { createdAt: created, updatedAt: created };
const violated = async (sales: Sales) =>
  (await checkOrganization(world.database, sales.organization.id)).map(({ name, examples }) => [
    name,
    examples,
  ]);

/** A lead in a campaign, with an activity. */
async function marketing() {
  const sales = await Sales.open(world);
  const { id: organizationId } = sales.organization;
  const lead = await sales.lead({ company: 'Acme' });
  const [campaign, member, activity] = [uuidv7(), uuidv7(), uuidv7()];
  await world.database.write(sales.admin, async ({ em }) => {
    const named = { name: 'Fair', type: 'Trade Show' };
    em.create(CampaignEntity, { organizationId, id: campaign, ...named, ...campaignKeys(named), ...tracked });
    await em.flush();
    const of = { organizationId, leadId: lead, createdAt: created };
    em.create(CampaignMemberEntity, { ...of, id: member, campaignId: campaign });
    em.create(ActivityEntity, { ...of, id: activity, type: ActivityType.CALL, occurredAt: created, updatedAt: created });
  });
  const change = (statement: ReturnType<typeof sql>) => world.database.write(sales.admin, (tx) => tx.query(statement));
  return { sales, organizationId, lead, campaign, member, activity, change };
} // prettier-ignore

test('a membership or an activity that stayed behind at a converted lead is reported, and nothing else', async () => {
  const { sales, organizationId, lead, member, activity, change } = await marketing();
  expect(await violated(sales)).toEqual([]);
  await sales.convert(lead);
  expect(await violated(sales)).toEqual([]);
  await change(sql`update campaign_member set lead_id = ${lead}, contact_id = null
    where organization_id = ${organizationId} and id = ${member}`);
  await change(
    sql`update activity set contact_id = null where organization_id = ${organizationId} and id = ${activity}`,
  );
  expect(await violated(sales)).toEqual([
    ['member-went-with-the-lead', [encodeId('CampaignMember', member)]],
    ['activity-went-with-the-lead', [encodeId('Activity', activity)]],
  ]);
});

test('an activity of nobody and keys that are not those of the name are reported', async () => {
  const { sales, organizationId, campaign, activity, change } = await marketing();
  await change(
    sql`update activity set lead_id = null where organization_id = ${organizationId} and id = ${activity}`,
  );
  await change(
    sql`update campaign set name = 'Renamed' where organization_id = ${organizationId} and id = ${campaign}`,
  );
  expect(await violated(sales)).toEqual([
    ['activity-belongs-somewhere', [encodeId('Activity', activity)]],
    ['campaign-keys', [encodeId('Campaign', campaign)]],
  ]);
});

test('a deal of a conversion that lost its main contact is reported, unless everybody was taken out of it', async () => {
  const { sales, organizationId, lead, change } = await marketing();
  const { opportunityId } = await sales.convert(lead);
  await change(
    sql`update opportunity_contact_role set is_primary = false where organization_id = ${organizationId}`,
  );
  const reported = [['converted-opportunity-has-primary-contact', [encodeId('Opportunity', opportunityId!)]]];
  expect(await violated(sales)).toEqual(reported);
  await change(sql`delete from opportunity_contact_role where organization_id = ${organizationId}`);
  expect(await violated(sales)).toEqual(reported);
  await change(sql`insert into audit_entry (organization_id, id, record_type, record_id, action, actor_kind, actor_name, at)
    values (${organizationId}, ${uuidv7()}, 'Opportunity', ${opportunityId}, 'removeOpportunityContact', 'PERSON', 'Ann', ${created})`);
  expect(await violated(sales)).toEqual([]);
});
