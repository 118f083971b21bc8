import { Refusal, type UserErrorData } from './user-error.ts';

/** One of several records of an input with all that is wrong with it: a bad one doesn't hide the next. */
export class Judged {
  readonly errors: UserErrorData[] = [];

  /** `root`: where the record stands in the input; the rules' paths go on from there. */
  constructor(private readonly root: string[]) {}

  /** What the rule gives, or undefined when it refuses. */
  by<T>(rule: () => T): T | undefined {
    try {
      return rule();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      for (const one of error.errors) this.errors.push({ ...one, path: [...this.root, ...(one.path ?? [])] });
      return undefined;
    }
  }
}
