import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf, type ListRow } from '../graphql/connection.ts';
import { encodeId } from '../graphql/ids.ts';
import { Node } from '../graphql/node.type.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { UserError } from '../graphql/user-error.ts';
import { HandoffState } from './handoff.enums.ts';

@ObjectType('LeadHandoff', {
  implements: Node,
  simpleResolvers: true,
  description:
    'A lead that an SDR handed to an AE. The lead stays whose it is until the AE accepts; a lead has at most one pending.',
})
export class LeadHandoff extends Node {
  /** The id inside, for loaders. */
  uuid!: string;
  leadUuid!: string;
  fromUuid!: string | null;
  toUuid!: string;
  decidedByUuid!: string | null;

  @Field(() => HandoffState, { description: 'Is it decided, and how?' })
  state!: HandoffState;

  @Field(() => String, { nullable: true, description: 'What the AE is to know; null when nothing was said.' })
  note!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was handed over.' })
  handedAt!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was decided; null while it is pending.',
  })
  decidedAt!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was bounced or withdrawn; null when pending or accepted, or nobody said.',
  })
  reason!: string | null;

  @Field(() => Int, {
    description: 'Whole minutes from the hand-over to the decision; of a pending one, until now.',
  })
  waitedMinutes!: number;
}

export const LeadHandoffConnection = connectionOf('LeadHandoff', () => LeadHandoff, 'hand-offs');
export type LeadHandoffConnection = InstanceType<typeof LeadHandoffConnection>;

/** Each property of a row, over the alias `t`. */
export const handoffColumns = {
  uuid: 't.id',
  leadUuid: 't.lead_id',
  fromUuid: 't.from_user_id',
  toUuid: 't.to_user_id',
  decidedByUuid: 't.decided_by_id',
  state: `coalesce(t.decision, 'PENDING')`,
  note: 't.note',
  handedAt: 't.handed_at',
  decidedAt: 't.decided_at',
  reason: 't.reason',
  waitedMinutes: `floor(extract(epoch from greatest(coalesce(t.decided_at, now()) - t.handed_at, interval '0')) / 60)::int`,
};

export function toHandoff(row: ListRow): LeadHandoff {
  const handoff = row as unknown as LeadHandoff;
  handoff.id = encodeId('LeadHandoff', row.uuid);
  return handoff;
}

export const handoffList = { connection: LeadHandoffConnection, toNode: toHandoff };

@ObjectType('HandoffError', {
  implements: UserError,
  simpleResolvers: true,
  description: 'Another hand-off of the lead, or another decision about this one, came first.',
})
export class HandoffError extends UserError {}
