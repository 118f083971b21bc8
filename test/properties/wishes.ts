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
}

/** Of a list that may be shorter than the scene says. */
export const among = (ids: Id[], index: number): Id | undefined => ids[index % (ids.length || 1)];

/** A scene's wish with the ids there are. */
export function wishOf(wish: Scene['wish'], ids: Ids): Wish {
  const { account, contact, opportunity, owner, ifVersion, ...rest } = wish;
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
