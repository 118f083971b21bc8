import { CommanderError } from 'commander';

/** A command that can't do what it was asked; the message is one line. */
export class CommandFailure extends Error {
  override name = 'CommandFailure';
}

const FAILED = 1;
const MISUSED = 2;

/** What went wrong as one line, whoever threw it. */
export function failureLine(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  // A refused connection to a name with several addresses has no message of its own.
  return `kontor: ${(message || code || String(error)).trim().replace(/\s*\n\s*/g, ' ')}`;
}

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof CommanderError)) return FAILED;
  return error.exitCode === 0 ? 0 : MISUSED;
}
