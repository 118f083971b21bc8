import { defineEntity, type InferEntity } from '@mikro-orm/core';
import { tenantKey, tracked } from '../../database/columns.ts';

export const SalesTargetEntity = defineEntity({
  name: 'SalesTarget',
  tableName: 'sales_target',
  properties: (p) => ({
    ...tenantKey,
    /** Null: the whole organisation's. */
    ownerId: p.uuid().nullable(),
    /** Half-open: `endsOn` is the first day after it. */
    startsOn: p.date(),
    endsOn: p.date(),
    /** Minor units of the organisation's currency. */
    amount: p.bigint(),
    ...tracked,
  }),
});
export type SalesTargetEntity = InferEntity<typeof SalesTargetEntity>;
