import { ArgsType, Field, InputType } from 'type-graphql';
import { AccountFilter } from '../accounts/account.inputs.ts';
import { DateScalar } from '../graphql/scalars.ts';
import { OpportunityFilter } from '../opportunities/opportunity.inputs.ts';
import { NamedWindow } from './metric.enums.ts';

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
}

@InputType('MetricScope', {
  description: 'Which opportunities metrics are computed from. All conditions given must hold.',
})
export class MetricScope {
  @Field(() => AccountFilter, {
    nullable: true,
    description: 'Only those at accounts that satisfy this; opportunities without an account do not.',
  })
  account?: AccountFilter | null;

  @Field(() => OpportunityFilter, { nullable: true, description: 'Only those that satisfy this.' })
  opportunity?: OpportunityFilter | null;
}

const window =
  'The time in question; ALL_TIME when omitted. It restricts what was created and closed, never the open pipeline.';

@ArgsType()
export class AccountMetricsArgs {
  @Field(() => WindowInput, { nullable: true, description: window })
  window?: WindowInput | null;
}

@ArgsType()
export class MetricsArgs extends AccountMetricsArgs {
  @Field(() => MetricScope, {
    nullable: true,
    description: 'Which opportunities; all of the organisation when omitted.',
  })
  scope?: MetricScope | null;
}
