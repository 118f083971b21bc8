import { Arg, Args, Ctx, FieldResolver, Float, Query, Resolver, Root } from 'type-graphql';
import { accountsByIds } from '../accounts/account.queries.ts';
import { Account } from '../accounts/account.type.ts';
import { loadCurrentConversion } from '../conversion/conversion.queries.ts';
import { LeadConversion } from '../conversion/conversion.type.ts';
import type { Context } from '../graphql/context.ts';
import { searchedText } from '../graphql/errors.ts';
import { compileFilter } from '../graphql/filter.ts';
import { OrderDirection } from '../graphql/filter.types.ts';
import { decodeId } from '../graphql/ids.ts';
import { loadById, loadPage } from '../graphql/load.ts';
import { orders } from '../graphql/order.ts';
import { pageRequest } from '../graphql/page.ts';
import { queuesByIds, usersByIds } from '../identity/identity.queries.ts';
import { Owner, type Queue, type User } from '../identity/user.type.ts';
import { meantExternalIds } from '../imports/salesforce-id.ts';
import {
  type AccountEvidence,
  loadAccountEvidence,
  loadMatchedOn,
  MAX_TIED,
} from './account-match.queries.ts';
import { MatchMethod } from './lead.enums.ts';
import { leadFilter, leadOrders } from './lead.filter.ts';
import { LeadKey, LeadOrderField, LeadsArgs } from './lead.inputs.ts';
import { leadByExternalId, leadsByIds, leadSource, loadLeadStatuses } from './lead.queries.ts';
import { AccountMatch, Lead, LeadConnection, leadList, LeadStatus } from './lead.type.ts';

const newestFirst = { field: LeadOrderField.CREATED_AT, direction: OrderDirection.DESC };

@Resolver(() => Lead)
export class LeadResolver {
  @Query(() => Lead, { nullable: true, description: 'One lead; null when there is none by that key.' })
  lead(
    @Arg('by', () => LeadKey, { description: 'How to find it.' }) by: LeadKey,
    @Ctx() context: Context,
  ): Promise<Lead | null> | null {
    return by.id != null
      ? loadById(context, 'Lead', leadsByIds, decodeId('Lead', by.id, 'by.id'))
      : leadByExternalId(
          context.snapshot,
          context.organization.id,
          meantExternalIds(searchedText(by.externalId!, 'by.externalId')),
        );
  }

  @Query(() => LeadConnection, { description: 'All leads, converted ones included, page by page.' })
  leads(@Args(() => LeadsArgs) args: LeadsArgs, @Ctx() context: Context): Promise<LeadConnection> {
    const condition = compileFilter(args.filter, leadFilter, context.organization);
    const request = pageRequest(args, orders(args.orderBy, leadOrders, newestFirst));
    return loadPage(context, leadList, leadSource(context.organization.id, condition), request);
  }

  @FieldResolver(() => LeadStatus, { description: 'Where in its life the lead is.' })
  async status(@Root() lead: Lead, @Ctx() context: Context): Promise<LeadStatus> {
    return (await loadLeadStatuses(context)).find((status) => status.uuid === lead.statusUuid)!;
  }

  @FieldResolver(() => Owner, {
    nullable: true,
    description: 'A person, or a queue until a person takes it; null: nobody.',
  })
  owner(@Root() lead: Lead, @Ctx() context: Context): Promise<User | Queue | null> | null {
    return lead.queueUuid === null
      ? loadById(context, 'User', usersByIds, lead.ownerUuid)
      : loadById(context, 'Queue', queuesByIds, lead.queueUuid);
  }

  @FieldResolver(() => AccountMatch, {
    nullable: true,
    description: 'The account the lead seems to belong to, before conversion; null for a converted lead.',
  })
  accountMatch(@Root() lead: Lead): AccountMatch | null {
    if (lead.isConverted) return null;
    const { uuid: leadUuid, matchedAccountUuid: accountUuid, matchMethod: method, matchScore: score } = lead;
    return { leadUuid, accountUuid, method, score };
  }

  @FieldResolver(() => LeadConversion, {
    nullable: true,
    description: 'What became of it; null while it is not converted.',
  })
  conversion(@Root() lead: Lead, @Ctx() context: Context): Promise<LeadConversion | null> | null {
    return lead.isConverted ? loadCurrentConversion(context, lead.uuid) : null;
  }
}

@Resolver(() => AccountMatch)
export class AccountMatchResolver {
  @FieldResolver(() => Account, {
    nullable: true,
    description: 'The account; null when none matches or several do.',
  })
  account(@Root() match: AccountMatch, @Ctx() context: Context): Promise<Account | null> | null {
    return loadById(context, 'Account', accountsByIds, match.accountUuid);
  }

  @FieldResolver(() => [String], {
    description:
      'What of the lead agrees with the account now: `domain`, `name` (for SIMILAR_NAME a similar one), `country`, `state`, `city`, `industry`, `phone`. Empty without an account, and when a person matched it against all appearance.',
  })
  matchedOn(@Root() match: AccountMatch, @Ctx() context: Context): Promise<string[]> | string[] {
    return match.accountUuid === null ? [] : loadMatchedOn(context, match.leadUuid);
  }

  @FieldResolver(() => Account, {
    nullable: true,
    description: 'The next best account; null when there is no other, or several match equally well.',
  })
  async runnerUp(@Root() match: AccountMatch, @Ctx() context: Context): Promise<Account | null> {
    const second = await runnerUpOf(match, context);
    return second && (await loadById(context, 'Account', accountsByIds, second.accountUuid));
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'How sure the next best account is: 1 is exact; null when there is none.',
  })
  async runnerUpScore(@Root() match: AccountMatch, @Ctx() context: Context): Promise<number | null> {
    return (await runnerUpOf(match, context))?.score ?? null;
  }

  @FieldResolver(() => [Account], {
    description: 'If AMBIGUOUS, the accounts that match equally well: at most 20; else empty.',
  })
  async candidates(@Root() match: AccountMatch, @Ctx() context: Context): Promise<Account[]> {
    if (match.method !== MatchMethod.AMBIGUOUS) return [];
    const [first, ...others] = await loadAccountEvidence(context, match.leadUuid);
    if (!first) return [];
    const tied = [first, ...others.filter(({ tier }) => tier === first.tier)].slice(0, MAX_TIED);
    const accounts = tied.map(({ accountUuid }) => loadById(context, 'Account', accountsByIds, accountUuid));
    return (await Promise.all(accounts)).filter((account) => account !== null);
  }
}

async function runnerUpOf(match: AccountMatch, context: Context): Promise<AccountEvidence | null> {
  if (match.accountUuid === null) return null;
  const evidence = await loadAccountEvidence(context, match.leadUuid);
  return evidence.find(({ accountUuid }) => accountUuid !== match.accountUuid) ?? null;
}
