import type { EmbeddedDatabase } from '../../src/database/embedded.ts';

/** Handed from jest's global setup to its global teardown, which run in the same process. */
export const testCluster: { directory?: string; database?: EmbeddedDatabase } = {};
