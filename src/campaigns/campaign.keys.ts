import { textKey, textKeyOrNull } from '../database/text-key.ts';

/** The columns derived from others; every write of a campaign goes through here. */
export function campaignKeys(campaign: { name: string; type?: string | null }) {
  return { nameKey: textKey(campaign.name), typeKey: textKeyOrNull(campaign.type) };
}
