import { defineEntity, type InferEntity } from '@mikro-orm/core';
import { tenantKey, tracked } from '../../database/columns.ts';

export const ExchangeRateEntity = defineEntity({
  name: 'ExchangeRate',
  tableName: 'exchange_rate',
  properties: (p) => ({
    ...tenantKey,
    currency: p.text(),
    validFrom: p.date(),
    /** One unit of the currency in units of the organisation's, from that day on. */
    rate: p.decimal(),
    /** The same for minor units of both: what stored amounts are multiplied by. */
    minorRate: p.decimal(),
    ...tracked,
  }),
});
export type ExchangeRateEntity = InferEntity<typeof ExchangeRateEntity>;
