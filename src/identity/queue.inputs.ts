import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.ts';
import { WritePayload } from '../graphql/write-payload.ts';
import { Queue } from './user.type.ts';

/** What every change of queues has. */
@InputType()
abstract class QueueChange {
  @Field(() => String, {
    nullable: true,
    description: IDEMPOTENCY_KEY,
  })
  idempotencyKey?: string | null;
}

@InputType()
abstract class ExistingQueue extends QueueChange {
  @Field(() => ID, { description: 'Which queue.' })
  queue!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The `version` you have seen: refused as STALE_VERSION when the queue has changed since.',
  })
  ifVersion?: number | null;
}

const NAME =
  'Its name: at most 255 characters, not blank, unlike every other queue whatever case and accents.';

@InputType('CreateQueueInput', { description: 'A new queue for leads.' })
export class CreateQueueInput extends QueueChange {
  @Field(() => String, { description: NAME })
  name!: string;
}

@InputType('UpdateQueueInput', { description: 'Another name for a queue.' })
export class UpdateQueueInput extends ExistingQueue {
  @Field(() => String, { description: NAME })
  name!: string;
}

@InputType('RemoveQueueInput', { description: 'A queue to remove.' })
export class RemoveQueueInput extends ExistingQueue {}

@ObjectType('QueuePayload', { simpleResolvers: true, description: 'The queue as it is now.' })
export class QueuePayload extends WritePayload {
  @Field(() => Queue, { nullable: true, description: 'The queue; null when it was refused, or removed.' })
  queue!: Queue | null;
}
