import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../graphql/context.ts';
import { compileFilter } from '../../graphql/filter.ts';
import { loadById, loadPage } from '../../graphql/load.ts';
import { money, Money } from '../../graphql/money.type.ts';
import { pageRequest } from '../../graphql/page.ts';
import { orUserErrors } from '../../graphql/user-error.ts';
import { usersByIds } from '../../identity/identity.queries.ts';
import { UpdateOrganizationPayload } from '../../identity/settings.inputs.ts';
import { settingsWritten } from '../../identity/settings.mutations.ts';
import { User } from '../../identity/user.type.ts';
import { SalesTargetsArgs, targetFilter } from './sales-target.filter.ts';
import {
  RemoveSalesTargetsInput,
  SetSalesTargetsInput,
  SetSalesTargetsPayload,
} from './sales-target.inputs.ts';
import { targetOrder, targetsByIds, targetSource } from './sales-target.queries.ts';
import { removeSalesTargets, setSalesTargets } from './sales-target.service.ts';
import { SalesTarget, SalesTargetConnection, targetList } from './sales-target.type.ts';

@Resolver(() => SalesTarget)
export class SalesTargetResolver {
  @Query(() => SalesTargetConnection, {
    description: 'Targets of people and of the whole organisation, latest period first.',
  })
  salesTargets(
    @Args(() => SalesTargetsArgs) args: SalesTargetsArgs,
    @Ctx() context: Context,
  ): Promise<SalesTargetConnection> {
    const condition = compileFilter(args.filter, targetFilter, context.organization);
    const source = targetSource(context.organization.id, condition);
    return loadPage(context, targetList, source, pageRequest(args, targetOrder));
  }

  @FieldResolver(() => User, { nullable: true, description: 'Whose; null: the whole organisation’s.' })
  owner(@Root() target: SalesTarget, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, target.ownerUuid);
  }

  @FieldResolver(() => Money, { description: 'What is to be won, in the organisation’s currency.' })
  amount(@Root() { minor }: SalesTarget, @Ctx() { organization }: Context): Money {
    return money(minor, organization.currency)!;
  }

  @Mutation(() => SetSalesTargetsPayload, {
    description:
      'Adds targets, or gives those of the same owner and period another amount. Periods of one owner must not overlap otherwise, as targets would count twice: remove the former one first, to put quarters in the place of a year. Targets of people and of the whole organisation are apart: the organisation’s own count for it if a window holds any, else its people’s together. Right: `settings:write`.',
  })
  async setSalesTargets(
    @Arg('input', () => SetSalesTargetsInput, { description: 'The targets.' }) input: SetSalesTargetsInput,
    @Ctx() context: Context,
  ): Promise<SetSalesTargetsPayload> {
    const { result, userErrors } = await orUserErrors(
      context.write((tx) => setSalesTargets(tx, context.principal, input)),
    );
    if (result === null) return { targets: null, userErrors };
    const targets = await Promise.all(result.map((id) => loadById(context, 'SalesTarget', targetsByIds, id)));
    // of a repetition one may be gone since
    return { targets: targets.filter((target) => target !== null), userErrors };
  }

  @Mutation(() => UpdateOrganizationPayload, { description: 'Removes targets. Right: `settings:write`.' })
  removeSalesTargets(
    @Arg('input', () => RemoveSalesTargetsInput, { description: 'The targets.' })
    input: RemoveSalesTargetsInput,
    @Ctx() context: Context,
  ): Promise<UpdateOrganizationPayload> {
    return settingsWritten(context, (tx) => removeSalesTargets(tx, context.principal, input));
  }
}
