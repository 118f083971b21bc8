import sql, { raw } from 'sql-template-tag';
import { BuyingRole } from '../../src/contacts/contact.enums.ts';
import { MatchMethod } from '../../src/leads/lead.enums.ts';
import { registrableDomain } from '../../src/accounts/company.ts';
import { updateFieldMappings } from '../../src/conversion/field-mapping-settings.ts';
import { CustomFieldType, CustomRecordType } from '../../src/custom-fields/custom-field.enums.ts';
import { updateCustomFields } from '../../src/custom-fields/custom-field-settings.ts';
import { mappingsWith } from '../conversion/mapped-sales.ts';
import { activity, campaign, contactRole, matchAll, member } from '../conversion/revert-sales.ts';
import { Sales } from '../conversion/sales.ts';
import type { World } from '../support/world.ts';
import type { Id, Wish } from './model/records.ts';
import type { Scene } from './scenes.ts';
import { among, type Ids, wishOf } from './wishes.ts';

/** A scene in the database: what the lead meets, and what is wished for it with the ids there are. */
export interface Staged {
  sales: Sales;
  wish: Wish;
}

const newer = new Date('2026-02-02T09:00:00Z');
const gone = (isDeleted: boolean) => (isDeleted ? { deletedAt: newer } : {});
const day = (number: number | null) =>
  number === null ? null : new Date(Date.UTC(2026, 0, 1 + number, 3, 4));

function companyColumns({
  address,
  isNewer: _isNewer,
  custom: _custom,
  isDeleted,
  ...of
}: Scene['accounts'][number]['of']) {
  return {
    ...of,
    ...address,
    annualRevenueCurrency: of.annualRevenue === null ? null : of.annualRevenueCurrency,
    ...gone(isDeleted),
  };
}

const personColumns = ({ address, custom: _custom, ...of }: Scene['contacts'][number]['of']) => ({
  ...of,
  ...address,
});

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
  const mapped = scene.mappings && (await addMappings(sales, scene.mappings));
  const ids = await sales.together(() => insertAll(sales, scene));
  await touch(sales, {
    account: ids.accounts.filter((_, index) => scene.accounts[index]!.of.isNewer),
    contact: ids.contacts.filter((_, index) => scene.contacts[index]!.isNewer),
    opportunity: ids.deals.filter((_, index) => scene.deals[index]!.isNewer),
    lead: scene.lead.isNewer ? [ids.leadId] : [],
  });
  await matchAll(sales);
  if (scene.lead.state === 'converted') {
    const input = { allowDuplicate: true, account: { create: { name: 'Before' } } };
    // refused for a lead of a queue: then it is one more that isn't converted
    await sales.convert(ids.leadId, input).catch(() => undefined);
  }
  const { version } = await sales.row('lead', ids.leadId);
  return { sales, wish: wishOf(scene.wish, { ...ids, mapped, version: version as number }) };
}

/** Custom fields on every kind of record, and a mapping that differs from the standard one. */
async function addMappings(sales: Sales, changes: NonNullable<Scene['mappings']>): Promise<Set<string>> {
  const of = (key: string, type: CustomFieldType, options?: string[]) => ({ key, label: key, type, options });
  const { TEXT, NUMBER, BOOLEAN, DATE, PICKLIST } = CustomFieldType;
  const fields = [
    ...[of('region', TEXT), of('seats', NUMBER), of('vip', BOOLEAN), of('since', DATE)],
    of('tier', PICKLIST, ['Gold', 'Silver']),
  ];
  const mappings = mappingsWith(changes as Parameters<typeof mappingsWith>[0]).filter(
    ({ sources }) => sources.length > 0,
  );
  await sales.world.database.write(sales.admin, async (tx) => {
    for (const recordType of Object.values(CustomRecordType)) {
      await updateCustomFields(tx, sales.admin, { recordType, fields });
      await tx.em.flush();
    }
    await updateFieldMappings(tx, sales.admin, { mappings });
  });
  return new Set(mappings.map(({ target, field }) => `${target} ${field}`));
}

async function insertAll(sales: Sales, scene: Scene): Promise<Omit<Ids, 'version' | 'mapped'>> {
  const users = {
    admin: sales.ownerId,
    other: await sales.user('Bob'),
    gone: await sales.user('Gone', { isActive: false }),
  };
  const campaigns = await inOrder([0, 1, 2], (index) => campaign(sales, `Campaign ${index}`));
  const custom = (of: { custom: object }) => (scene.mappings ? { customFields: { ...of.custom } } : {});
  const accounts = await inOrder(scene.accounts, ({ name, of }) =>
    sales.account(name, { ...companyColumns(of), ...custom(of) }),
  );
  // nothing lives at a deleted account
  const standing = (index: number): Id | null =>
    scene.accounts[index % accounts.length]!.of.isDeleted ? null : among(accounts, index)!;
  const contacts = await inOrder(scene.contacts, ({ of, account, isDeleted }) =>
    sales.contact(of.lastName, {
      ...personColumns(of),
      ...custom(of),
      ...gone(isDeleted),
      accountId: standing(account),
    }),
  );
  const deals = await inOrder(scene.deals, async ({ parts, ...deal }, index) => {
    const id = await sales.opportunity(`Deal ${index}`, {
      ...{ position: deal.stage, source: deal.source, ...gone(deal.isDeleted) },
      ...custom(deal),
      accountId: standing(deal.account),
      campaignId: deal.campaign === undefined ? null : campaigns[deal.campaign]!,
    });
    const people = new Set(
      parts.map(({ contact }) => among(contacts, contact)).filter((one) => one !== undefined),
    );
    for (const [place, contactId] of [...people].entries())
      await contactRole(sales, {
        ...{ opportunityId: id, contactId, isPrimary: place === 0 && parts[0]!.isPrimary },
        role: parts[place]!.role as BuyingRole | null,
      });
    return id;
  });
  const leadId = await insertLead(sales, scene.lead, custom(scene.lead.of), {
    accounts,
    campaigns,
    other: users.other,
  });
  const ids = { leadId, accounts, contacts, deals, campaigns, users };
  await meet(sales, scene, ids);
  const placed = [
    ...scene.contacts.map(({ account }, index) => [contacts[index]!, standing(account)] as const),
    ...scene.deals.map(({ account }, index) => [deals[index]!, standing(account)] as const),
  ];
  return { ...ids, accountOf: new Map(placed) };
}

async function insertLead(
  sales: Sales,
  lead: Scene['lead'],
  custom: object,
  ids: { accounts: Id[]; campaigns: Id[]; other: Id },
): Promise<Id> {
  const chosen = lead.chosen === undefined ? undefined : among(ids.accounts, lead.chosen);
  const owners = { admin: sales.ownerId, other: ids.other, queue: null, nobody: null };
  return await sales.lead({
    ...companyColumns({ ...lead.at, isDeleted: false }),
    ...personColumns(lead.of),
    ...custom,
    company: lead.company,
    domain: registrableDomain(lead.at.website) ?? registrableDomain(lead.of.email),
    campaignId: lead.campaign === undefined ? null : ids.campaigns[lead.campaign]!,
    ownerId: owners[lead.owner as keyof typeof owners],
    queueId: lead.owner === 'queue' ? await sales.queue('Inbound') : null,
    ...(chosen && { matchedAccountId: chosen, matchMethod: MatchMethod.MANUAL, matchScore: 1 }),
    ...gone(lead.state === 'deleted'),
  });
}

/** What the lead did before: activities, some of them at an account and deal already, and campaigns. */
async function meet(
  sales: Sales,
  scene: Scene,
  { leadId, accounts, contacts, deals, campaigns, users }: Omit<Ids, 'version' | 'mapped' | 'accountOf'>,
): Promise<void> {
  for (const { isOpen, atAccount, atDeal } of scene.activities)
    await activity(sales, {
      ...{ leadId, isOpen, ownerId: isOpen ? users['other']! : null },
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

async function touch(sales: Sales, tables: Record<string, Id[]>): Promise<void> {
  await sales.world.database.write(sales.admin, async (tx) => {
    for (const [table, ids] of Object.entries(tables))
      if (ids.length > 0)
        await tx.query(sql`update ${raw(table)} set updated_at = ${newer}
          where organization_id = ${sales.organization.id} and id = any(${ids}::uuid[])`);
  });
}
