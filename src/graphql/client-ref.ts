import { isStorable, NOT_STORABLE } from '../database/storable-text.ts';
import { invalidInput, type UserErrorData } from './user-error.ts';

const MAX_LENGTH = 255;

export const CLIENT_REF = `The client's own name for it, at most ${MAX_LENGTH} characters; comes back with the result.`;

/** What is wrong with the `clientRef` of a batch's item. It comes back as it was given, so nothing is trimmed. */
export function clientRefErrors(clientRef: string | null | undefined, index: number): UserErrorData[] {
  const refused = (problem: string) =>
    invalidInput(['items', String(index), 'clientRef'], `clientRef ${problem}`).errors;
  if (clientRef == null) return [];
  if (clientRef.length > MAX_LENGTH) return refused(`is longer than ${MAX_LENGTH} characters`);
  if (!isStorable(clientRef)) return refused(NOT_STORABLE);
  return [];
}
