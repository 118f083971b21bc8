import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Transaction } from '../database/database.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import { orUserErrors } from '../graphql/user-error.ts';
import { organizationsByIds } from './identity.queries.ts';
import { updateLeadStatuses } from './lead-status-settings.ts';
import { updateOrganization } from './organization-settings.ts';
import {
  UpdateLeadStatusesInput,
  UpdateOrganizationInput,
  UpdateOrganizationPayload,
  UpdateStagesInput,
} from './settings.inputs.ts';
import { forgetSignedIn } from './sign-in.ts';
import { updateStages } from './stage-settings.ts';

export async function settingsWritten(context: Context, write: (tx: Transaction) => Promise<string>) {
  const { result, userErrors } = await orUserErrors(context.write(write));
  if (result !== null) forgetSignedIn(context.database);
  return { organization: await loadById(context, 'Organization', organizationsByIds, result), userErrors };
}

@Resolver()
export class SettingsMutations {
  @Mutation(() => UpdateOrganizationPayload, {
    description:
      'Changes settings of the organisation; only what is given. Other server processes follow within ten seconds. Right: `settings:write`.',
  })
  updateOrganization(
    @Arg('input', () => UpdateOrganizationInput, { description: 'The changes.' })
    input: UpdateOrganizationInput,
    @Ctx() context: Context,
  ): Promise<UpdateOrganizationPayload> {
    return settingsWritten(context, (tx) => updateOrganization(tx, context.principal, input));
  }

  @Mutation(() => UpdateOrganizationPayload, {
    description:
      'Replaces the stages of the sales process. Deals keep their own probability and forecast category. Right: `settings:write`.',
  })
  updateStages(
    @Arg('input', () => UpdateStagesInput, { description: 'All stages.' }) input: UpdateStagesInput,
    @Ctx() context: Context,
  ): Promise<UpdateOrganizationPayload> {
    return settingsWritten(context, (tx) => updateStages(tx, context.principal, input));
  }

  @Mutation(() => UpdateOrganizationPayload, {
    description: 'Replaces the statuses of leads. Right: `settings:write`.',
  })
  updateLeadStatuses(
    @Arg('input', () => UpdateLeadStatusesInput, { description: 'All statuses.' })
    input: UpdateLeadStatusesInput,
    @Ctx() context: Context,
  ): Promise<UpdateOrganizationPayload> {
    return settingsWritten(context, (tx) => updateLeadStatuses(tx, context.principal, input));
  }
}
