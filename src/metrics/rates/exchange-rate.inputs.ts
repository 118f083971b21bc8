import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateScalar, DecimalScalar } from '../../graphql/scalars.ts';
import { WritePayload } from '../../graphql/write-payload.ts';
import { SettingsChange } from '../../identity/settings.inputs.ts';
import { MAX_ROWS } from '../settings/setting-rows.ts';
import { ExchangeRate } from './exchange-rate.type.ts';
import { MAX_DECIMALS, MAX_RATE } from './minor-rate.ts';

@InputType('ExchangeRateInput', { description: 'What a currency is worth from a day on.' })
export class ExchangeRateInput {
  @Field(() => String, { description: 'ISO 4217 code of a currency other than the organisation’s.' })
  currency!: string;

  @Field(() => DateScalar, { description: 'The first day it holds; it does until the next rate begins.' })
  validFrom!: string;

  @Field(() => DecimalScalar, {
    description: `What one unit of the currency is in units of the organisation’s: more than 0, less than ${MAX_RATE}, at most ${MAX_DECIMALS} decimals.`,
  })
  rate!: string;
}

@InputType('SetExchangeRatesInput', { description: 'Rates to add, or to correct.' })
export class SetExchangeRatesInput extends SettingsChange {
  @Field(() => [ExchangeRateInput], {
    description: `The rates: 1 to ${MAX_ROWS}. One of the same currency and day is corrected; the others stay as they are.`,
  })
  rates!: ExchangeRateInput[];
}

@InputType('RemoveExchangeRatesInput', { description: 'Rates to remove.' })
export class RemoveExchangeRatesInput extends SettingsChange {
  @Field(() => [ID], { description: `Their ids: 1 to ${MAX_ROWS}.` })
  rates!: string[];
}

@ObjectType('SetExchangeRatesPayload', { simpleResolvers: true, description: 'The rates as they are now.' })
export class SetExchangeRatesPayload extends WritePayload {
  @Field(() => [ExchangeRate], {
    nullable: true,
    description: 'The rates of the input, in its order; null when the change was refused.',
  })
  rates!: ExchangeRate[] | null;
}
