import DataLoader from 'dataloader';
import { Args, ArgsType, Ctx, Field, FieldResolver, Resolver, Root } from 'type-graphql';
import { Account } from '../../accounts/account.type.ts';
import type { Context } from '../../graphql/context.ts';
import { DateTimeScalar } from '../../graphql/scalars.ts';
import { loadMetricSettings, metricView } from '../metric-view.ts';
import { JourneyStage } from './journey.enums.ts';
import { journeysOf, stagesOf } from './journey.queries.ts';
import { AccountJourney } from './journey.type.ts';

@ArgsType()
class JourneyArgs {
  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'See the account as it was known at this moment; now when omitted or not come yet. Opportunities are as their history has them, activities by when they occurred, people and memberships by when they came to be; the rest is as it is now.',
  })
  asOf?: string | null;
}

@Resolver(() => Account)
export class JourneyResolver {
  @FieldResolver(() => JourneyStage, {
    description: 'How far it has come, now: computed from opportunities, activities and memberships.',
  })
  journeyStage(@Root() account: Account, @Ctx() context: Context): Promise<JourneyStage> {
    return context
      .loader(
        'Account.journeyStage',
        () =>
          new DataLoader<string, JourneyStage>(async (ids) =>
            stagesOf(context.snapshot, metricView(context, {}), await loadMetricSettings(context), ids),
          ),
      )
      .load(account.uuid);
  }

  @FieldResolver(() => AccountJourney, {
    description: 'How far it has come, and when it first met the condition of each stage.',
  })
  journey(
    @Root() account: Account,
    @Args(() => JourneyArgs) args: JourneyArgs,
    @Ctx() context: Context,
  ): Promise<AccountJourney> {
    return context
      .loader(
        `Account.journey ${JSON.stringify(args)}`,
        () =>
          new DataLoader<string, AccountJourney>(async (ids) =>
            journeysOf(context.snapshot, metricView(context, args), await loadMetricSettings(context), ids),
          ),
      )
      .load(account.uuid);
  }
}
