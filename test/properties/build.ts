import sql, { raw } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { BuyingRole } from '../../src/contacts/contact.enums.ts';
import { MatchMethod } from '../../src/leads/lead.enums.ts';
import { registrableDomain } from '../../src/accounts/company.ts';
import { activity, campaign, contactRole, matchAll, member } from '../conversion/revert-sales.ts';
import { Sales } from '../conversion/sales.ts';
import type { World } from '../support/world.ts';
import type { Id, Wish } from './model/records.ts';
import type { Scene } from './scenes.ts';

/** A scene in the database: what the lead meets, and what is wished for it with the ids there are. */
export interface Staged {
  sales: Sales;
  wish: Wish;
}

const newer = new Date('2026-02-02T09:00:00Z');
const gone = (isDeleted: boolean) => (isDeleted ? { deletedAt: newer } : {});
const day = (number: number | null) =>
  number === null ? null : new Date(Date.UTC(2026, 0, 1 + number, 3, 4));

function companyColumns({ address, isNewer: _, isDeleted, ...of }: Scene['accounts'][number]['of']) {
  return {
    ...of,
    ...address,
    annualRevenueCurrency: of.annualRevenue === null ? null : of.annualRevenueCurrency,
    ...gone(isDeleted),
  };
}

const personColumns = ({ address, ...of }: Scene['contacts'][number]['of']) => ({ ...of, ...address });

/** Of a list that may be shorter than the scene says. */
const among = (ids: Id[], index: number): Id | undefined => ids[index % (ids.length || 1)];

/** In the order of the ids: tests refer to records by their place. */
async function inOrder<T>(items: T[], insert: (item: T, index: number) => Promise<Id>): Promise<Id[]> {
  const ids: Id[] = [];
  for (const [index, item] of items.entries()) ids.push(await insert(item, index));
  return ids;
}

export async function stage(world: World, scene: Scene): Promise<Staged> {
  const { duplicatePolicy, similarPolicy, ...settings } = scene.settings;
  const sales = await Sales.open(world, settings);
  await sales.setPolicies(duplicatePolicy, similarPolicy);
  const users = {
    admin: sales.ownerId,
    other: await sales.user('Bob'),
    gone: await sales.user('Gone', { isActive: false }),
  };
  const campaigns = await inOrder([0, 1, 2], (index) => campaign(sales, `Campaign ${index}`));

  const accounts = await inOrder(scene.accounts, ({ name, of }) => sales.account(name, companyColumns(of)));
  // nothing lives at a deleted account
  const standing = (index: number): Id | null =>
    scene.accounts[index % accounts.length]!.of.isDeleted ? null : among(accounts, index)!;
  const contacts = await inOrder(scene.contacts, ({ of, account, isDeleted }) =>
    sales.contact(of.lastName, {
      ...personColumns(of),
      ...gone(isDeleted),
      accountId: standing(account),
    }),
  );
  const deals = await inOrder(scene.deals, async (deal, index) => {
    const id = await sales.opportunity(`Deal ${index}`, {
      ...{ position: deal.stage, source: deal.source, ...gone(deal.isDeleted) },
      accountId: standing(deal.account),
      campaignId: deal.campaign === undefined ? null : campaigns[deal.campaign]!,
    });
    const taken = new Set<Id>();
    for (const { contact, role, isPrimary } of deal.parts) {
      const contactId = among(contacts, contact);
      if (!contactId || taken.has(contactId)) continue;
      const isFirst = taken.size === 0;
      taken.add(contactId);
      await contactRole(sales, {
        ...{ opportunityId: id, contactId, isPrimary: isFirst && isPrimary },
        role: role as BuyingRole | null,
      });
    }
    return id;
  });
  const leadId = await insertLead(sales, scene, { accounts, campaigns, other: users.other });
  await meet(sales, scene, { leadId, accounts, contacts, deals, campaigns, other: users.other });
  for (const [table, ids, ofScene] of [
    ['account', accounts, scene.accounts.map(({ of }) => of.isNewer)],
    ['contact', contacts, scene.contacts.map(({ isNewer }) => isNewer)],
    ['opportunity', deals, scene.deals.map(({ isNewer }) => isNewer)],
    ['lead', [leadId], [scene.lead.isNewer]],
  ] as const)
    await touch(
      sales,
      table,
      ids.filter((_, index) => ofScene[index]),
    );
  await matchAll(sales);
  if (scene.lead.state === 'converted')
    await sales
      .convert(leadId, { allowDuplicate: true, account: { create: { name: 'Before' } } })
      .catch(() => undefined);
  const accountOf = new Map<Id, Id | null>([
    ...scene.contacts.map(({ account }, index) => [contacts[index]!, standing(account)] as const),
    ...scene.deals.map(({ account }, index) => [deals[index]!, standing(account)] as const),
  ]);
  const { version } = await sales.row('lead', leadId);
  return {
    sales,
    wish: wishOf(scene, { leadId, accounts, contacts, deals, accountOf, users, version: version as number }),
  };
}

function insertLead(
  sales: Sales,
  { lead }: Scene,
  ids: { accounts: Id[]; campaigns: Id[]; other: Id },
): Promise<Id> {
  const columns = { ...companyColumns({ ...lead.at, isDeleted: false }), ...personColumns(lead.of) };
  const chosen = lead.chosen === undefined ? undefined : among(ids.accounts, lead.chosen);
  return insert();
  async function insert(): Promise<Id> {
    const owners = { admin: sales.ownerId, other: ids.other, queue: null, nobody: null };
    return sales.lead({
      ...columns,
      company: lead.company,
      domain: registrableDomain(lead.at.website) ?? registrableDomain(lead.of.email),
      campaignId: lead.campaign === undefined ? null : ids.campaigns[lead.campaign]!,
      ownerId: owners[lead.owner as keyof typeof owners],
      queueId: lead.owner === 'queue' ? await sales.queue('Inbound') : null,
      ...(chosen && { matchedAccountId: chosen, matchMethod: MatchMethod.MANUAL, matchScore: 1 }),
      ...gone(lead.state === 'deleted'),
    });
  }
}

/** What the lead did before: activities, some of them at an account and deal already, and campaigns. */
async function meet(
  sales: Sales,
  scene: Scene,
  ids: { leadId: Id; accounts: Id[]; contacts: Id[]; deals: Id[]; campaigns: Id[]; other: Id },
): Promise<void> {
  const { leadId, accounts, contacts, deals, campaigns, other } = ids;
  for (const { isOpen, atAccount, atDeal } of scene.activities)
    await activity(sales, {
      ...{ leadId, isOpen, ownerId: isOpen ? other : null },
      accountId: atAccount && !scene.accounts[0]!.of.isDeleted ? accounts[0]! : null,
      opportunityId: atDeal ? (deals[0] ?? null) : null,
    });
  for (const { campaign: index, isLeads, contact, responses } of scene.memberships) {
    const campaignId = campaigns[index]!;
    const contactId = contact === undefined ? undefined : among(contacts, contact);
    if (isLeads) await member(sales, { campaignId, leadId, respondedAt: day(responses[0]) });
    if (contactId) await member(sales, { campaignId, contactId, respondedAt: day(responses[1]) });
  }
}

async function touch(sales: Sales, table: string, ids: Id[]): Promise<void> {
  await sales.world.database.write(sales.admin, (tx) =>
    tx.query(sql`update ${raw(table)} set updated_at = ${newer}
      where organization_id = ${sales.organization.id} and id = any(${ids}::uuid[])`),
  );
}

function wishOf(
  { wish }: Scene,
  ids: {
    leadId: Id;
    accounts: Id[];
    contacts: Id[];
    deals: Id[];
    accountOf: Map<Id, Id | null>;
    users: Record<string, Id>;
    version: number;
  },
): Wish {
  const { accountOf } = ids;
  const joined = wish.account && 'existing' in wish.account ? wish.account.existing : 'missing';
  const accountId = joined === 'missing' ? undefined : among(ids.accounts, joined);
  /** The records of that account if it has any, so that they often fit together; undefined: there are none at all. */
  const named = (list: Id[], index: number | 'missing'): Id | undefined => {
    if (index === 'missing') return uuidv7();
    const there = list.filter((id) => accountId && accountOf.get(id) === accountId);
    return among(there.length > 0 ? there : list, index);
  };
  const { account, contact, opportunity, owner, ifVersion, ...rest } = wish;
  const contactId = contact && 'existing' in contact ? named(ids.contacts, contact.existing) : undefined;
  const dealId =
    opportunity && 'existing' in opportunity ? named(ids.deals, opportunity.existing.id) : undefined;
  return {
    lead: ids.leadId,
    ...rest,
    ...(account && 'existing' in account && { account: { existing: accountId ?? uuidv7() } }),
    ...(account && !('existing' in account) && { account }),
    ...(contactId && { contact: { existing: contactId } }),
    ...(contact && !('existing' in contact) && { contact }),
    ...(dealId &&
      opportunity &&
      'existing' in opportunity && { opportunity: { existing: { ...opportunity.existing, id: dealId } } }),
    ...(opportunity && !('existing' in opportunity) && { opportunity }),
    ...(owner && { owner: ids.users[owner]! }),
    ...(ifVersion && { ifVersion: ids.version + (ifVersion === 'stale' ? 1 : 0) }),
  };
}
