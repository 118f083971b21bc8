import DataLoader from 'dataloader';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Account } from '../accounts/account.type.ts';
import { contactsByIds } from '../contacts/contact.queries.ts';
import type { Context } from '../graphql/context.ts';
import { loadById } from '../graphql/load.ts';
import type { Node } from '../graphql/node.type.ts';
import { leadsByIds } from '../leads/lead.queries.ts';
import { opportunitiesByIds } from '../opportunities/opportunity.queries.ts';
import { standingConversionsInto } from './account-lineage.queries.ts';
import { AccountLineage, type LineageEdge } from './account-lineage.type.ts';
import type { LeadConversion } from './conversion.type.ts';

@Resolver(() => Account)
export class AccountLineageResolver {
  @FieldResolver(() => AccountLineage, {
    description: 'The leads it was made of and what else they became, as a graph to draw.',
  })
  async lineage(@Root() account: Account, @Ctx() context: Context): Promise<AccountLineage> {
    const conversions = await context
      .loader(
        'Account.lineage',
        () =>
          new DataLoader<string, LeadConversion[]>((ids) =>
            standingConversionsInto(context.snapshot, context.organization.id, ids),
          ),
      )
      .load(account.uuid);
    const nodes = new Map<string, Node>([[account.id, account]]);
    const perConversion = await Promise.all(
      conversions.map((conversion) => edgesOf(context, account, conversion, nodes)),
    );
    return { nodes: [...nodes.values()], edges: perConversion.flat() };
  }
}

/** From the lead to what it became; what is deleted has no edge. */
async function edgesOf(
  context: Context,
  account: Account,
  conversion: LeadConversion,
  nodes: Map<string, Node>,
): Promise<LineageEdge[]> {
  const [lead, contact, opportunity] = await Promise.all([
    loadById(context, 'Lead', leadsByIds, conversion.leadUuid),
    loadById(context, 'Contact', contactsByIds, conversion.contactUuid),
    loadById(context, 'Opportunity', opportunitiesByIds, conversion.opportunityUuid),
  ]);
  if (!lead) return [];
  const { accountOutcome, contactOutcome, opportunityOutcome, convertedAt: at } = conversion;
  const targets: [Node | null, LineageEdge['outcome']][] = [
    [account, accountOutcome],
    [contact, contactOutcome],
    [opportunity, opportunityOutcome],
  ];
  nodes.set(lead.id, lead);
  return targets.flatMap(([node, outcome]) => {
    if (!node) return [];
    nodes.set(node.id, node);
    return { from: lead.id, to: node.id, outcome, at, conversion };
  });
}
