import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { accountsByIds } from '../../accounts/account.queries.ts';
import { contactsByIds } from '../../contacts/contact.queries.ts';
import type { Context } from '../../graphql/context.ts';
import { loadById, loadPage } from '../../graphql/load.ts';
import { Node } from '../../graphql/node.type.ts';
import { type Order, pageRequest } from '../../graphql/page.ts';
import { leadsByIds } from '../../leads/lead.queries.ts';
import { opportunitiesByIds } from '../../opportunities/opportunity.queries.ts';
import { pageCost } from '../metric-costs.ts';
import { loadMetricSettings, metricView } from '../metric-view.ts';
import { StagnantType } from './stagnant.enums.ts';
import { stagnantSource } from './stagnant.queries.ts';
import {
  StagnantRecord,
  StagnantRecordConnection,
  StagnantRecordsArgs,
  toStagnantRecord,
} from './stagnant.type.ts';

/** Longest without activity first; of the same moment by id. */
const longestFirst: Order[] = [
  { field: 'SINCE', descending: false, by: { column: 't.since', type: 'timestamptz' } },
];

const list = {
  connection: StagnantRecordConnection,
  toNode: toStagnantRecord,
  always: ['uuid', 'type', 'days', 'isTouched'],
};

@Resolver(() => StagnantRecord)
export class StagnantResolver {
  @Query(() => StagnantRecordConnection, {
    complexity: pageCost,
    description:
      'Open leads, contacts, accounts and open opportunities that nothing has happened with for longer than their limits (settings), longest first.',
  })
  async stagnantRecords(
    @Args(() => StagnantRecordsArgs) { types, ...args }: StagnantRecordsArgs,
    @Ctx() context: Context,
  ): Promise<StagnantRecordConnection> {
    const settings = await loadMetricSettings(context);
    const asked = types?.length ? [...new Set(types)] : Object.values(StagnantType);
    const source = stagnantSource(metricView(context, {}), settings, asked);
    return loadPage(context, list, source, pageRequest(args, longestFirst));
  }

  @FieldResolver(() => Node, { description: 'The lead, contact, account or opportunity itself.' })
  record(
    @Root() { type, uuid }: StagnantRecord,
    @Ctx() context: Context,
  ): Promise<{ id: string } | null> | null {
    switch (type) {
      case StagnantType.LEAD:
        return loadById(context, 'Lead', leadsByIds, uuid);
      case StagnantType.CONTACT:
        return loadById(context, 'Contact', contactsByIds, uuid);
      case StagnantType.ACCOUNT:
        return loadById(context, 'Account', accountsByIds, uuid);
      case StagnantType.OPPORTUNITY:
        return loadById(context, 'Opportunity', opportunitiesByIds, uuid);
    }
  }
}
