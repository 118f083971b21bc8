import { Arg, Ctx, FieldResolver, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../../graphql/context.ts';
import { UpdateOrganizationPayload } from '../../identity/settings.inputs.ts';
import { settingsWritten } from '../../identity/settings.mutations.ts';
import { OrganizationType } from '../../identity/viewer.type.ts';
import { metricSettingsOf } from '../metric-settings.ts';
import { updateMetricSettings } from './metric-settings.service.ts';
import { metricSettingsNode, MetricSettingsType, UpdateMetricSettingsInput } from './metric-settings.type.ts';

@Resolver(() => OrganizationType)
export class MetricSettingsResolver {
  @FieldResolver(() => MetricSettingsType, {
    description: 'Limits and weights by which its metrics are computed; defaults where it set none.',
  })
  async metricSettings(@Ctx() { snapshot, organization }: Context): Promise<MetricSettingsType> {
    return metricSettingsNode(await metricSettingsOf(snapshot, organization.id));
  }

  @Mutation(() => UpdateOrganizationPayload, {
    description:
      'Changes limits and weights of metrics; only what is given. Metrics of the past follow, too: they are computed when asked for. Right: `settings:write`.',
  })
  updateMetricSettings(
    @Arg('input', () => UpdateMetricSettingsInput, { description: 'The changes.' })
    input: UpdateMetricSettingsInput,
    @Ctx() context: Context,
  ): Promise<UpdateOrganizationPayload> {
    return settingsWritten(context, (tx) => updateMetricSettings(tx, context.principal, input));
  }
}
