import { v7 as uuidv7 } from 'uuid';
import type { Id, Wish } from './model/records.ts';
import type { Scene } from './scenes.ts';

/** What a scene speaks of by its place, as it is in the database. */
export interface Ids {
  leadId: Id;
  accounts: Id[];
  contacts: Id[];
  deals: Id[];
  campaigns: Id[];
  /** At which account contacts and deals are. */
  accountOf: Map<Id, Id | null>;
  users: Record<string, Id>;
  /** The lead's. */
  version: number;
  /** Where custom fields are filled from the lead, as `ACCOUNT custom.region`; null: there are none. */
  mapped: Set<string> | null;
}

/** Of a list that may be shorter than the scene says. */
export const among = (ids: Id[], index: number): Id | undefined => ids[index % (ids.length || 1)];

/** Without custom fields where the organisation has none, but for those that nobody has. */
function fitting<T>(target: T, { mapped }: Ids): T {
  if (mapped || !target || typeof target !== 'object' || !('create' in target)) return target;
  const { customFields, ...draft } = target.create as { customFields?: object };
  const isUnknown = customFields && 'nothing' in customFields;
  return { ...target, create: isUnknown ? { ...draft, customFields } : draft };
}

/** A scene's wish with the ids there are. */
export function wishOf(wish: Scene['wish'], ids: Ids): Wish {
  const { owner, ifVersion, mergePolicy, ...targets } = wish;
  const { account: _account, contact: _contact, opportunity: _opportunity, ...rest } = targets;
  const account = fitting(targets.account, ids);
  const contact = fitting(targets.contact, ids);
  const opportunity = fitting(targets.opportunity, ids);
  const joined = 'existing' in account ? account.existing : 'missing';
  const accountId = joined === 'missing' ? undefined : among(ids.accounts, joined);
  /** Mostly a record of that account, so that they fit together; undefined: it has none. */
  const named = (list: Id[], index: number | 'missing'): Id | undefined => {
    if (index === 'missing') return uuidv7();
    if (index === 2) return among(list, index);
    return among(
      list.filter((id) => accountId && ids.accountOf.get(id) === accountId),
      index,
    );
  };
  const contactId = contact && 'existing' in contact ? named(ids.contacts, contact.existing) : undefined;
  const dealId =
    opportunity && 'existing' in opportunity ? named(ids.deals, opportunity.existing.id) : undefined;
  return {
    lead: ids.leadId,
    ...rest,
    mergePolicy: mergePolicy.filter(
      ({ target, field }) => !field.startsWith('custom.') || ids.mapped?.has(`${target} ${field}`),
    ),
    account: 'existing' in account ? { existing: accountId ?? uuidv7() } : account,
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
