import { checkOrganization } from '../../src/database/check.ts';
import { Role } from '../../src/identity/identity.enums.ts';
import { office } from '../leads/lead-life.ts';
import type { Caller, Data } from '../support/graphql.ts';
import { mutate } from '../support/mutate.ts';
import type { World } from '../support/world.ts';

export const MEMBER = 'id status respondedAt createdAt lead { id } contact { id } campaign { id }';

/** An organisation with a marketer; helpers fail the test on `userErrors`, those named `try…` give them. */
export async function marketing(world: World) {
  const at = await office(world);
  const marketer = await at.as(Role.MARKETER);
  const done = async (caller: Caller, mutation: string, input: Data, selection: string): Promise<Data> => {
    const payload = await mutate(caller, mutation, input, selection);
    expect(payload.userErrors).toEqual([]);
    return payload;
  };
  return {
    ...at,
    marketer,
    done,
    async campaign(name = 'Spring Webinar', fields: Data = {}): Promise<string> {
      const { campaign } = await done(marketer, 'createCampaign', { name, ...fields }, 'campaign { id }');
      return campaign.id as string;
    },
    async contact(lastName: string, fields: Data = {}): Promise<string> {
      const { contact } = await done(at.admin, 'createContact', { lastName, ...fields }, 'contact { id }');
      return contact.id as string;
    },
    async deal(name: string, fields: Data = {}): Promise<string> {
      const input = { name, closeDate: '2026-12-31', ...fields };
      const { opportunity } = await done(at.admin, 'createOpportunity', input, 'opportunity { id }');
      return opportunity.id as string;
    },
    async add(campaign: string, ...people: Data[]): Promise<Data[]> {
      const input = { campaign, people };
      return (await done(marketer, 'addCampaignMembers', input, `members { ${MEMBER} }`)).members as Data[];
    },
    tryAdd: (campaign: string, people: Data[], by = marketer) =>
      mutate(by, 'addCampaignMembers', { campaign, people }, 'campaign { id } members { id }'),
    /** What a conversion made. */
    async converted(lead: string): Promise<Data> {
      const target = { account: { create: { name: 'Converted Ltd' } }, allowDuplicate: true };
      const selection = 'conversion { id } contact { id } account { id } opportunity { id }';
      return await done(at.admin, 'convertLead', { lead, ...target }, selection);
    },
    async members(campaign: string): Promise<Data[]> {
      const query = `query ($id: ID!) { campaign(by: { id: $id }) { members { totalCount nodes { ${MEMBER} } } } }`;
      const { data, errors } = await marketer.send(query, { id: campaign });
      expect(errors).toEqual([]);
      expect(data!.campaign.members.totalCount).toBe(data!.campaign.members.nodes.length);
      return data!.campaign.members.nodes as Data[];
    },
    async ask(query: string, variables: Data = {}): Promise<Data> {
      const { data, errors } = await at.admin.send(query, variables);
      expect(errors).toEqual([]);
      return data!;
    },
    violations: () => checkOrganization(world.database, at.organization.id),
  };
}
export type Marketing = Awaited<ReturnType<typeof marketing>>;
