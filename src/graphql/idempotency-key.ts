/** What every `idempotencyKey` is; see `once`, which keeps the keys. */
export const IDEMPOTENCY_KEY =
  'Chosen by the client, 1 to 255 characters: the same key and input again do nothing and answer the same. Each organisation, mutation and caller (a person with any of their tokens; a program by its token) has keys of its own.';
