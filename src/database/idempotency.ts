import { createHash } from 'node:crypto';
import sql from 'sql-template-tag';
import { Refusal, UserErrorCode, invalidInput } from '../graphql/user-error.ts';
import { type Principal, principalKey } from '../identity/principal.ts';
import type { Transaction } from './database.ts';
import { isStorable, NOT_STORABLE } from './storable-text.ts';

const MAX_KEY_LENGTH = 255;

/** The same for every order of keys; the idempotency key itself is no part of what was asked. */
function inputHash(input: unknown): string {
  const canonical = (value: unknown): unknown => {
    if (typeof value === 'bigint') return value.toString();
    if (value === null || typeof value !== 'object' || value instanceof Date) return value;
    if (Array.isArray(value)) return value.map(canonical);
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, part]) => [key, canonical(part)]),
    );
  };
  const { idempotencyKey: _, ...asked } = input as Record<string, unknown>;
  return createHash('sha256')
    .update(JSON.stringify(canonical(asked)))
    .digest('base64url');
}

/**
 * Runs `work` once per key: a repetition with the same input answers with the stored result and does nothing. The key is
 * taken before anything else is locked, so a repetition that overtakes the first try waits for its end; what was refused
 * or failed is rolled back with its key and can be tried again. Keys are apart per principal and mutation.
 *
 * `work`'s result is kept as JSON: ids and plain data, no dates or class instances.
 */
export async function once<R>(
  tx: Transaction,
  principal: Principal,
  mutation: string,
  key: string | null | undefined,
  input: unknown,
  work: () => Promise<R>,
): Promise<R> {
  if (key === null || key === undefined) return work();
  if (key === '' || key.length > MAX_KEY_LENGTH)
    throw invalidInput('idempotencyKey', `idempotencyKey must have 1 to ${MAX_KEY_LENGTH} characters`);
  if (!isStorable(key)) throw invalidInput('idempotencyKey', `idempotencyKey ${NOT_STORABLE}`);
  tx.isRepeatable = true;
  const { organizationId } = tx.tenant;
  const scope = principalKey(principal);
  const hash = inputHash(input);

  const taken = await tx.query(sql`
    insert into idempotency_key (organization_id, principal, mutation, key, input_hash, result, created_at)
    values (${organizationId}, ${scope}, ${mutation}, ${key}, ${hash}, 'null', ${new Date()})
    on conflict do nothing returning key`);
  if (taken.length === 0) {
    const [former] = await tx.query<{ input_hash: string; result: R }>(sql`
      select input_hash, result from idempotency_key
      where organization_id = ${organizationId} and principal = ${scope} and mutation = ${mutation} and key = ${key}`);
    // Expired between the two statements: the key is free again.
    if (!former) return once(tx, principal, mutation, key, input, work);
    if (former.input_hash !== hash)
      throw new Refusal({
        code: UserErrorCode.IDEMPOTENCY_KEY_REUSED,
        message: 'idempotencyKey was used before with another input',
        path: ['idempotencyKey'],
      });
    return former.result;
  }

  const result = await work();
  await tx.query(sql`
    update idempotency_key set result = ${JSON.stringify(result)}::jsonb
    where organization_id = ${organizationId} and principal = ${scope} and mutation = ${mutation} and key = ${key}`);
  return result;
}
