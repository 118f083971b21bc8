import { textKey, textKeyOrNull } from '../database/text-key.ts';
import { companyMatchKey } from './company.ts';

/** The columns derived from others; every write of an account goes through here. */
export function accountKeys(account: { name: string; industry?: string | null }) {
  return {
    nameKey: textKey(account.name),
    matchKey: companyMatchKey(account.name),
    industryKey: textKeyOrNull(account.industry),
  };
}
