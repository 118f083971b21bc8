import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf, type ListRow } from '../graphql/connection.ts';
import { encodeId } from '../graphql/ids.ts';
import { Node } from '../graphql/node.type.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { UserError } from '../graphql/user-error.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { Actor, type ActorData } from './audit.type.ts';
import type { ConvertLeadInput } from './conversion.inputs.ts';
import type { PlanState } from './plan-state.ts';
import type { PlanSummary } from './plan-summary.ts';
import { ProposalState } from './proposal.enums.ts';

@ObjectType('ConversionProposal', {
  implements: Node,
  simpleResolvers: true,
  description:
    'A conversion that waits for a person with the right `lead:convert` to approve or reject it. It waits as long as its plan holds.',
})
export class ConversionProposal extends Node {
  /** The id inside, for loaders. */
  uuid!: string;
  leadUuid!: string;
  reviewedByUuid!: string | null;
  conversionUuid!: string | null;
  plan!: PlanSummary;
  input!: ConvertLeadInput;
  planState!: PlanState;

  @Field(() => Actor, { description: 'Who proposed it.' })
  proposedBy!: ActorData;

  @Field(() => DateTimeScalar, { description: 'When it was proposed.' })
  proposedAt!: string;

  @Field(() => Int, {
    description: 'Whole days of 24 hours it has been waiting, or waited until it was decided or expired.',
  })
  ageDays!: number;

  @Field(() => ProposalState, { description: 'Where it stands.' })
  state!: ProposalState;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was approved or rejected; null for an open or expired one.',
  })
  reviewedAt!: string | null;

  @Field(() => String, { nullable: true, description: 'What the reviewer said; null: nothing.' })
  note!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it expired; null unless it did.' })
  expiredAt!: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Why it expired, for people: `lead: version 3 → 4`; null unless it did.',
  })
  expiredBecause!: string[] | null;
}

export const ConversionProposalConnection = connectionOf(
  'ConversionProposal',
  () => ConversionProposal,
  'proposals',
);
export type ConversionProposalConnection = InstanceType<typeof ConversionProposalConnection>;

/** Each property of a row, over the alias `t`. */
export const proposalColumns = {
  uuid: 't.id',
  leadUuid: 't.lead_id',
  reviewedByUuid: 't.reviewed_by_id',
  conversionUuid: 't.conversion_id',
  plan: 't.plan',
  input: 't.input',
  planState: 't.plan_state',
  proposedBy: `jsonb_build_object('kind', t.proposed_by_kind, 'userUuid', t.proposed_by_id, 'name', t.proposed_by_name)`,
  proposedAt: 't.proposed_at',
  ageDays: `greatest(0, floor(extract(epoch from coalesce(t.reviewed_at, t.expired_at, now()) - t.proposed_at) / 86400))::int`,
  state: 't.state',
  reviewedAt: 't.reviewed_at',
  note: 't.note',
  expiredAt: 't.expired_at',
  expiredBecause: 't.expired_because',
};

export function toProposal(row: ListRow): ConversionProposal {
  const proposal = row as unknown as ConversionProposal;
  proposal.id = encodeId('ConversionProposal', row.uuid);
  return proposal;
}

export const proposalList = { connection: ConversionProposalConnection, toNode: toProposal };

@ObjectType('ProposeConversionPayload', {
  simpleResolvers: true,
  description: 'An open proposal; there is none when there are `userErrors`.',
})
export class ProposeConversionPayload extends WritePayload {
  @Field(() => ConversionProposal, { nullable: true, description: 'The proposal.' })
  proposal!: ConversionProposal | null;
}

@ObjectType('RejectConversionPayload', {
  simpleResolvers: true,
  description: 'A rejected proposal; nothing was changed when there are `userErrors`.',
})
export class RejectConversionPayload extends WritePayload {
  @Field(() => ConversionProposal, { nullable: true, description: 'The proposal, rejected.' })
  proposal!: ConversionProposal | null;
}

@ObjectType('ProposalStateError', {
  implements: UserError,
  simpleResolvers: true,
  description: 'The state a proposal is in stands against it.',
})
export class ProposalStateError extends UserError {}
