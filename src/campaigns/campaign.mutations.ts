import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Transaction } from '../database/database.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import {
  AddCampaignMembersInput,
  AddCampaignMembersPayload,
  RemoveCampaignMemberInput,
  RemoveCampaignMemberPayload,
  UpdateCampaignMemberInput,
  UpdateCampaignMemberPayload,
} from './campaign-member.inputs.ts';
import { addCampaignMembers, removeCampaignMember, updateCampaignMember } from './campaign-member.service.ts';
import {
  CreateCampaignInput,
  CreateCampaignPayload,
  UpdateCampaignInput,
  UpdateCampaignPayload,
} from './campaign.mutation-inputs.ts';
import { campaignsByIds, membersByIds } from './campaign.queries.ts';
import { createCampaign, updateCampaign } from './campaign.service.ts';

async function written(context: Context, write: (tx: Transaction) => Promise<string>) {
  const { result, userErrors } = await orUserErrors(context.write(write));
  return { campaign: await loadById(context, 'Campaign', campaignsByIds, result), userErrors };
}

const loadMember = (context: Context, id: string | null) =>
  loadById(context, 'CampaignMember', membersByIds, id);

@Resolver()
export class CampaignMutations {
  @Mutation(() => CreateCampaignPayload, { description: 'Makes a campaign. Right: `campaign:write`.' })
  createCampaign(
    @Arg('input', () => CreateCampaignInput, { description: 'The campaign.' }) input: CreateCampaignInput,
    @Ctx() context: Context,
  ): Promise<CreateCampaignPayload> {
    const { principal, organization } = context;
    return written(context, (tx) => createCampaign(tx, principal, organization, input));
  }

  @Mutation(() => UpdateCampaignPayload, {
    description: 'Changes a campaign; only what is given. Right: `campaign:write`.',
  })
  updateCampaign(
    @Arg('input', () => UpdateCampaignInput, { description: 'The changes.' }) input: UpdateCampaignInput,
    @Ctx() context: Context,
  ): Promise<UpdateCampaignPayload> {
    const { principal, organization } = context;
    return written(context, (tx) => updateCampaign(tx, principal, organization, input));
  }

  @Mutation(() => AddCampaignMembersPayload, {
    description:
      'Brings people into a campaign, all of them or, when one is refused, none. Who is in it already stays as they are there. Right: `campaign:write`.',
  })
  async addCampaignMembers(
    @Arg('input', () => AddCampaignMembersInput, { description: 'The campaign, and who.' })
    input: AddCampaignMembersInput,
    @Ctx() context: Context,
  ): Promise<AddCampaignMembersPayload> {
    const { result, userErrors } = await orUserErrors(
      context.write((tx) => addCampaignMembers(tx, context.principal, input)),
    );
    const [campaign, members] = await Promise.all([
      loadById(context, 'Campaign', campaignsByIds, result?.campaignId ?? null),
      Promise.all((result?.memberIds ?? []).map((id) => loadMember(context, id))),
    ]);
    // of a repetition's answer some may have been removed since
    return { campaign, members: members.filter((member) => member !== null), userErrors };
  }

  @Mutation(() => UpdateCampaignMemberPayload, {
    description: 'Changes how a person stands in a campaign; only what is given. Right: `campaign:write`.',
  })
  async updateCampaignMember(
    @Arg('input', () => UpdateCampaignMemberInput, { description: 'The changes.' })
    input: UpdateCampaignMemberInput,
    @Ctx() context: Context,
  ): Promise<UpdateCampaignMemberPayload> {
    const { result, userErrors } = await orUserErrors(
      context.write((tx) => updateCampaignMember(tx, context.principal, input)),
    );
    return { member: await loadMember(context, result), userErrors };
  }

  @Mutation(() => RemoveCampaignMemberPayload, {
    description:
      'Takes a person out of a campaign, as if never in it; an import does not bring them back. Right: `campaign:write`.',
  })
  removeCampaignMember(
    @Arg('input', () => RemoveCampaignMemberInput, { description: 'The membership.' })
    input: RemoveCampaignMemberInput,
    @Ctx() context: Context,
  ): Promise<RemoveCampaignMemberPayload> {
    return written(context, (tx) => removeCampaignMember(tx, context.principal, input));
  }
}
