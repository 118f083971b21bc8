import sql from 'sql-template-tag';
import { ArgsType, Field, InputType } from 'type-graphql';
import { ForwardPageArgs } from '../../graphql/connection.ts';
import { searchedText } from '../../graphql/errors.ts';
import { dateField, type FilterFields } from '../../graphql/filter.ts';
import { DateFilter } from '../../graphql/filter.types.ts';

@InputType('ExchangeRateFilter', { description: 'Which rates. All conditions given must hold.' })
export class ExchangeRateFilter {
  @Field(() => String, { nullable: true, description: 'Of this currency (ISO 4217 code).' })
  currency?: string | null;

  @Field(() => DateFilter, { nullable: true, description: 'By the first day they hold.' })
  validFrom?: DateFilter | null;
}

@ArgsType()
export class ExchangeRatesArgs extends ForwardPageArgs {
  @Field(() => ExchangeRateFilter, { nullable: true, description: 'Which rates; all when omitted.' })
  filter?: ExchangeRateFilter | null;
}

export const rateFilter: FilterFields<ExchangeRateFilter> = {
  currency: (currency, _scope, path) => sql`t.currency = ${searchedText(currency, path)}::text`,
  validFrom: dateField('valid_from'),
};
