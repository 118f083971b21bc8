import { ArgsType, Field, InputType } from 'type-graphql';
import { AccountFilter } from '../accounts/account.inputs.ts';
import { DateScalar, DateTimeScalar } from '../graphql/scalars.ts';
import { OpportunityFilter } from '../opportunities/opportunity.inputs.ts';
import { AmountBasis, Comparison, NamedWindow } from './metric.enums.ts';

@InputType('WindowInput', {
  description:
    'A range of days, half-open: `from` is its first day, `to` the first day after it. Either `named`, or `from` and `to`, of which one may be absent (unbounded). Nothing given: ALL_TIME.',
})
export class WindowInput {
  @Field(() => DateScalar, { nullable: true, description: 'First day; absent: since ever.' })
  from?: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'First day after the window; absent: for ever. Not before `from`.',
  })
  to?: string | null;

  @Field(() => NamedWindow, { nullable: true, description: 'A window by name, relative to today.' })
  named?: NamedWindow | null;

  @Field(() => String, {
    nullable: true,
    description:
      "IANA time zone in which days begin and today is determined: `Europe/Berlin`. Default: the organisation's.",
  })
  timeZone?: string | null;

  @Field(() => Comparison, {
    nullable: true,
    description: 'Which other window `comparison` is about; it needs a window with both ends.',
  })
  compare?: Comparison | null;
}

@InputType('MetricScope', {
  description: 'Which opportunities metrics are computed from. All conditions given must hold.',
})
export class MetricScope {
  @Field(() => AccountFilter, {
    nullable: true,
    description:
      'Only those at accounts that satisfy this; opportunities without an account do not. An empty one restricts nothing.',
  })
  account?: AccountFilter | null;

  @Field(() => OpportunityFilter, { nullable: true, description: 'Only those that satisfy this.' })
  opportunity?: OpportunityFilter | null;

  @Field(() => AmountBasis, {
    nullable: true,
    defaultValue: AmountBasis.CURRENT,
    description: 'Which amount pipelineCreated adds up: today’s, or the first one.',
  })
  amountBasis?: AmountBasis | null;
}

const window =
  'The time in question; ALL_TIME when omitted. It restricts what was created and closed, never the open pipeline.';

@ArgsType()
export class ViewArgs {
  @Field(() => WindowInput, { nullable: true, description: window })
  window?: WindowInput | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'See the world as it was known at this moment, from history; now when omitted or not come yet. Deleted records are left out at every moment; what has no history (owner, account, source, custom fields) is as it is now.',
  })
  asOf?: string | null;
}

@ArgsType()
export class AccountMetricsArgs extends ViewArgs {
  @Field(() => Boolean, {
    nullable: true,
    description: 'With the opportunities of all accounts below it, at any depth. Default: its own only.',
  })
  includeChildren?: boolean | null;
}

@ArgsType()
export class MetricsArgs extends ViewArgs {
  @Field(() => MetricScope, {
    nullable: true,
    description: 'Which opportunities; all of the organisation when omitted.',
  })
  scope?: MetricScope | null;
}
