import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { MoneyInput } from '../../graphql/money.type.ts';
import { DateScalar } from '../../graphql/scalars.ts';
import { WritePayload } from '../../graphql/write-payload.ts';
import { SettingsChange } from '../../identity/settings.inputs.ts';
import { MAX_ROWS } from '../settings/setting-rows.ts';
import { SalesTarget } from './sales-target.type.ts';

@InputType('SalesTargetInput', { description: 'What is to be won in a period.' })
export class SalesTargetInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Whose (a user, also an inactive one); null or omitted: the whole organisation’s.',
  })
  owner?: string | null;

  @Field(() => DateScalar, { description: 'First day of the period.' })
  from!: string;

  @Field(() => DateScalar, { description: 'First day after the period.' })
  to!: string;

  @Field(() => MoneyInput, {
    description: 'What is to be won, 0 or more, in the organisation’s currency.',
  })
  amount!: MoneyInput;
}

@InputType('SetSalesTargetsInput', { description: 'Targets to add, or to give another amount.' })
export class SetSalesTargetsInput extends SettingsChange {
  @Field(() => [SalesTargetInput], {
    description: `The targets: 1 to ${MAX_ROWS}. One of the same owner and period gets the amount; the others stay as they are.`,
  })
  targets!: SalesTargetInput[];
}

@InputType('RemoveSalesTargetsInput', { description: 'Targets to remove.' })
export class RemoveSalesTargetsInput extends SettingsChange {
  @Field(() => [ID], { description: `Their ids: 1 to ${MAX_ROWS}.` })
  targets!: string[];
}

@ObjectType('SetSalesTargetsPayload', {
  simpleResolvers: true,
  description: 'The targets as they are now.',
})
export class SetSalesTargetsPayload extends WritePayload {
  @Field(() => [SalesTarget], {
    nullable: true,
    description: 'The targets of the input, in its order; null when the change was refused.',
  })
  targets!: SalesTarget[] | null;
}
