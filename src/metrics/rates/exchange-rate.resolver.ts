import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../../graphql/context.ts';
import { compileFilter } from '../../graphql/filter.ts';
import { loadById, loadPage } from '../../graphql/load.ts';
import { pageRequest } from '../../graphql/page.ts';
import { orUserErrors } from '../../graphql/user-error.ts';
import { UpdateOrganizationPayload } from '../../identity/settings.inputs.ts';
import { settingsWritten } from '../../identity/settings.mutations.ts';
import { ExchangeRatesArgs, rateFilter } from './exchange-rate.filter.ts';
import {
  RemoveExchangeRatesInput,
  SetExchangeRatesInput,
  SetExchangeRatesPayload,
} from './exchange-rate.inputs.ts';
import { rateOrder, ratesByIds, rateSource } from './exchange-rate.queries.ts';
import { removeExchangeRates, setExchangeRates } from './exchange-rate.service.ts';
import { ExchangeRate, ExchangeRateConnection, rateList } from './exchange-rate.type.ts';

@Resolver(() => ExchangeRate)
export class ExchangeRateResolver {
  @Query(() => ExchangeRateConnection, {
    description: 'Dated exchange rates of currencies to the organisation’s, latest first.',
  })
  exchangeRates(
    @Args(() => ExchangeRatesArgs) args: ExchangeRatesArgs,
    @Ctx() context: Context,
  ): Promise<ExchangeRateConnection> {
    const condition = compileFilter(args.filter, rateFilter, context.organization);
    const source = rateSource(context.organization.id, condition);
    return loadPage(context, rateList, source, pageRequest(args, rateOrder));
  }

  @Mutation(() => SetExchangeRatesPayload, {
    description:
      'Adds rates, or corrects those of the same currency and day. Metrics of the past follow: they are computed when asked for. Right: `settings:write`.',
  })
  async setExchangeRates(
    @Arg('input', () => SetExchangeRatesInput, { description: 'The rates.' }) input: SetExchangeRatesInput,
    @Ctx() context: Context,
  ): Promise<SetExchangeRatesPayload> {
    const { result, userErrors } = await orUserErrors(
      context.write((tx) => setExchangeRates(tx, context.principal, input)),
    );
    if (result === null) return { rates: null, userErrors };
    const rates = await Promise.all(result.map((id) => loadById(context, 'ExchangeRate', ratesByIds, id)));
    // of a repetition one may be gone since
    return { rates: rates.filter((rate) => rate !== null), userErrors };
  }

  @Mutation(() => UpdateOrganizationPayload, {
    description:
      'Removes rates: what they converted goes by the rate before then, or is unconverted. Right: `settings:write`.',
  })
  removeExchangeRates(
    @Arg('input', () => RemoveExchangeRatesInput, { description: 'The rates.' })
    input: RemoveExchangeRatesInput,
    @Ctx() context: Context,
  ): Promise<UpdateOrganizationPayload> {
    return settingsWritten(context, (tx) => removeExchangeRates(tx, context.principal, input));
  }
}
