import sql from 'sql-template-tag';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { ForwardPageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { everything } from '../graphql/filter.ts';
import { loadPageOf } from '../graphql/load.ts';
import { pageRequest } from '../graphql/page.ts';
import { Lead } from '../leads/lead.type.ts';
import { conversionOrder, conversionSource } from './conversion.queries.ts';
import { conversionList, LeadConversionConnection } from './conversion.type.ts';

@Resolver(() => Lead)
export class LeadConversionsResolver {
  @FieldResolver(() => LeadConversionConnection, {
    description: 'Lineage: all its conversions, undone ones included, latest first.',
  })
  conversions(
    @Root() lead: Lead,
    @Args(() => ForwardPageArgs) args: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<LeadConversionConnection> {
    return loadPageOf(context, 'Lead.conversions', args, lead.uuid, conversionList, () => ({
      source: conversionSource(context.organization.id, everything),
      link: (parent) => sql`t.lead_id = ${parent}`,
      request: pageRequest(args, conversionOrder),
    }));
  }
}
