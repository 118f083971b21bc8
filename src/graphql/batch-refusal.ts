import { Refusal, UserErrorCode, type UserErrorData } from './user-error.ts';

/** What became of one record of a batch: the result, or why there is none. */
export type BatchOutcome<R> = R | { errors: UserErrorData[] };

/** Some records of a batch were refused, and so nothing was done (ALL_OR_NOTHING). */
export class BatchRefusal extends Refusal {
  /** `errors`: of each record, in the batch's order; none where the record was fine. `done`: `converted`. */
  constructor(
    readonly refused: UserErrorData[][],
    readonly done: string,
  ) {
    const count = refused.filter((errors) => errors.length > 0).length;
    super({
      code: UserErrorCode.BATCH_ABORTED,
      message: `${count} of ${refused.length} leads were refused, so none was ${done}`,
      path: ['items'],
    });
  }

  /** Those refused have their errors, the others BATCH_ABORTED. */
  get outcomes(): { errors: UserErrorData[] }[] {
    const aborted: UserErrorData = {
      code: UserErrorCode.BATCH_ABORTED,
      message: `Not ${this.done}, since another lead of the batch was refused`,
    };
    return this.refused.map((errors) => ({ errors: errors.length > 0 ? errors : [aborted] }));
  }
}

/** What became of each record, and what is to be said of the batch as a whole. */
export async function orBatchErrors<R>(
  doing: Promise<BatchOutcome<R>[]>,
): Promise<{ outcomes: BatchOutcome<R>[]; userErrors: UserErrorData[] }> {
  try {
    return { outcomes: await doing, userErrors: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { outcomes: error instanceof BatchRefusal ? error.outcomes : [], userErrors: error.errors };
  }
}
