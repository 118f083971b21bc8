import { textKey, textKeyOrNull } from '../database/text-key.ts';

/** The columns derived from others; every write of an opportunity goes through here. */
export function opportunityKeys(opportunity: { name: string; source?: string | null }) {
  return { nameKey: textKey(opportunity.name), sourceKey: textKeyOrNull(opportunity.source) };
}
