import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf, type ListRow } from '../graphql/connection.ts';
import { encodeId } from '../graphql/ids.ts';
import { Node } from '../graphql/node.type.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { UserError, type UserErrorData } from '../graphql/user-error.ts';
import { ConversionJobKind, ConversionJobLineState, ConversionJobState } from './job.enums.ts';

@ObjectType('ConversionJob', {
  implements: Node,
  simpleResolvers: true,
  description: 'Many conversions (or the undoing of a job), worked off in the background.',
})
export class ConversionJob extends Node {
  /** The id inside, for loaders. */
  uuid!: string;
  createdByUuid!: string;
  revertsUuid!: string | null;

  @Field(() => ConversionJobKind, { description: 'Whether it converts or undoes.' })
  kind!: ConversionJobKind;

  @Field(() => ConversionJobState, { description: 'How far it is.' })
  state!: ConversionJobState;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  createdAt!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When its first line began; null before.' })
  startedAt!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended; null before.' })
  finishedAt!: string | null;
}

@ObjectType('ConversionJobLine', {
  simpleResolvers: true,
  description: 'One lead (or conversion) of a job, and what became of it.',
})
export class ConversionJobLine {
  leadUuid!: string | null;
  conversionUuid!: string | null;

  @Field(() => Int, { description: 'Its place in the job, from 0.' })
  position!: number;

  @Field(() => String, { nullable: true, description: 'As the item had it.' })
  clientRef!: string | null;

  @Field(() => ConversionJobLineState, { description: 'What became of it.' })
  state!: ConversionJobLineState;

  @Field(() => [UserError], {
    description: 'Why it was refused; paths begin at the input: `items`, `3`, `input`, `account`.',
  })
  userErrors!: UserErrorData[];
}

export const ConversionJobConnection = connectionOf('ConversionJob', () => ConversionJob, 'jobs');
export type ConversionJobConnection = InstanceType<typeof ConversionJobConnection>;
export const ConversionJobLineConnection = connectionOf(
  'ConversionJobLine',
  () => ConversionJobLine,
  'lines',
);
export type ConversionJobLineConnection = InstanceType<typeof ConversionJobLineConnection>;

/** Each property of a row, over the alias `t`. */
export const jobColumns = {
  uuid: 't.id',
  kind: 't.kind',
  state: 't.state',
  createdByUuid: 't.created_by_id',
  revertsUuid: 't.reverts_id',
  createdAt: 't.created_at',
  startedAt: 't.started_at',
  finishedAt: 't.finished_at',
};

export const lineColumns = {
  uuid: 't.id',
  position: 't.position',
  clientRef: 't.client_ref',
  state: 't.state',
  userErrors: 't.errors',
  leadUuid: 't.lead_id',
  conversionUuid: 't.conversion_id',
};

export function toJob(row: ListRow): ConversionJob {
  const job = row as unknown as ConversionJob;
  job.id = encodeId('ConversionJob', row.uuid);
  return job;
}

export const jobList = { connection: ConversionJobConnection, toNode: toJob };
export const lineList = {
  connection: ConversionJobLineConnection,
  toNode: (row: ListRow) => row as unknown as ConversionJobLine,
};
