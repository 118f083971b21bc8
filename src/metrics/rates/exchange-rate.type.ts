import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf, type ListRow } from '../../graphql/connection.ts';
import { encodeId } from '../../graphql/ids.ts';
import { Node } from '../../graphql/node.type.ts';
import { DateScalar, DateTimeScalar, DecimalScalar } from '../../graphql/scalars.ts';

@ObjectType('ExchangeRate', {
  implements: Node,
  simpleResolvers: true,
  description:
    'What a currency is worth from a day on. Metrics convert the amount of each deal by the rate of its close date, rounded to the minor unit; a deal before the first rate of its currency is listed as unconverted.',
})
export class ExchangeRate extends Node {
  @Field(() => String, { description: 'ISO 4217 code: `USD`.' })
  currency!: string;

  @Field(() => DateScalar, { description: 'The first day it holds; it does until the next rate begins.' })
  validFrom!: string;

  @Field(() => DecimalScalar, {
    description: 'What one unit of the currency is in units of the organisation’s, exactly as it was given.',
  })
  rate!: string;

  @Field(() => DateTimeScalar, { description: 'When it was set first.' })
  createdAt!: string;

  @Field(() => DateTimeScalar, { description: 'When it was last changed.' })
  updatedAt!: string;

  @Field(() => Int, { description: 'Goes up with every change of it.' })
  version!: number;
}

export const ExchangeRateConnection = connectionOf('ExchangeRate', () => ExchangeRate, 'rates');
export type ExchangeRateConnection = InstanceType<typeof ExchangeRateConnection>;

/** Each property of a row over the alias `t`. */
export const rateColumns = {
  uuid: 't.id',
  currency: 't.currency',
  validFrom: 't.valid_from',
  rate: 't.rate',
  createdAt: 't.created_at',
  updatedAt: 't.updated_at',
  version: 't.version',
};

export function toRate(row: ListRow): ExchangeRate {
  const rate = row as unknown as ExchangeRate;
  rate.id = encodeId('ExchangeRate', row.uuid);
  return rate;
}

export const rateList = { connection: ExchangeRateConnection, toNode: toRate };
