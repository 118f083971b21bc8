import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Transaction } from '../database/database.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import { leadsByIds } from '../leads/lead.queries.ts';
import {
  AcceptHandoffInput,
  BounceHandoffInput,
  HandOffLeadInput,
  LeadHandoffPayload,
  WithdrawHandoffInput,
} from './handoff.inputs.ts';
import { handoffsByIds } from './handoff.queries.ts';
import {
  acceptHandoff,
  bounceHandoff,
  type HandedLead,
  handOffLead,
  withdrawHandoff,
} from './handoff.service.ts';

async function written(
  context: Context,
  write: (tx: Transaction) => Promise<HandedLead>,
): Promise<LeadHandoffPayload> {
  const { result, userErrors } = await orUserErrors(context.write(write));
  const [handoff, lead] = await Promise.all([
    loadById(context, 'LeadHandoff', handoffsByIds, result?.handoffId ?? null),
    loadById(context, 'Lead', leadsByIds, result?.leadId ?? null),
  ]);
  return { handoff, lead, userErrors };
}

@Resolver()
export class HandoffMutations {
  @Mutation(() => LeadHandoffPayload, {
    description:
      'Offers an open lead to an AE, who accepts or bounces it; until then it stays whose it is. Right: `lead:write`.',
  })
  handOffLead(
    @Arg('input', () => HandOffLeadInput, { description: 'The lead, and who is to take it.' })
    input: HandOffLeadInput,
    @Ctx() context: Context,
  ): Promise<LeadHandoffPayload> {
    return written(context, (tx) => handOffLead(tx, context.principal, input));
  }

  @Mutation(() => LeadHandoffPayload, {
    description:
      'Accepts a lead: the receiver owns it, and sales has accepted it (`salAt`, and `mqlAt` if it has none). Right: `lead:write`, as the receiver or an ADMIN.',
  })
  acceptHandoff(
    @Arg('input', () => AcceptHandoffInput, { description: 'The hand-off.' }) input: AcceptHandoffInput,
    @Ctx() context: Context,
  ): Promise<LeadHandoffPayload> {
    return written(context, (tx) => acceptHandoff(tx, context.principal, input));
  }

  @Mutation(() => LeadHandoffPayload, {
    description:
      'Gives a lead back with a reason; it stays whose it is. Right: `lead:write`, as the receiver or an ADMIN.',
  })
  bounceHandoff(
    @Arg('input', () => BounceHandoffInput, { description: 'The hand-off, and why.' })
    input: BounceHandoffInput,
    @Ctx() context: Context,
  ): Promise<LeadHandoffPayload> {
    return written(context, (tx) => bounceHandoff(tx, context.principal, input));
  }

  @Mutation(() => LeadHandoffPayload, {
    description:
      'Takes a hand-off back before it is decided. Right: `lead:write`, as who handed over or an ADMIN.',
  })
  withdrawHandoff(
    @Arg('input', () => WithdrawHandoffInput, { description: 'The hand-off.' }) input: WithdrawHandoffInput,
    @Ctx() context: Context,
  ): Promise<LeadHandoffPayload> {
    return written(context, (tx) => withdrawHandoff(tx, context.principal, input));
  }
}
