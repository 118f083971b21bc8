import { getDomain } from 'tldts';
import { textKey } from '../database/text-key.ts';
import { FREE_MAIL_DOMAINS } from './free-mail-domains.ts';

/** Words that name a company's legal form, not the company: removed at the end of a name only. */
const LEGAL_SUFFIXES = new Set(
  `ab ag as asa aps bv bvba co corp corporation company doo eg eirl ek ev ges gesmbh gbr gmbh gmbhcokg inc incorporated kft kg kk
  kgaa limited limitada llc llp lp ltd ltda mbh nv oao ohg oy oyj ooo plc plp pte pty pvt sa sab sac sae sapi sarl sas se sl slu snc spa
  spk spz spzoo srl sro ug zao`.split(/\s+/),
);
/** Connectors that only join legal forms: `GmbH & Co. KG`. */
const CONNECTORS = new Set(['and', 'und', 'et', 'y', 'e', 'i']);

/**
 * A company's name as two spellings of one company share it: textKey, without punctuation and legal suffixes.
 * `"United Oil & Gas Corp."` → `"united oil and gas"`, `"ACME GmbH & Co. KG"` → `"acme"`. Empty for a name without letters or digits.
 */
export function companyMatchKey(name: string): string {
  const words = textKey(name)
    .replace(/&/g, ' and ')
    // dots and apostrophes inside a word join it: "s.p.a." → "spa", "moe's" → "moes"
    .replace(/[.'’`]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .split(' ')
    .filter(Boolean);
  let end = words.length;
  while (end > 1) {
    const word = words[end - 1]!;
    const joinsSuffixes = CONNECTORS.has(word) && end < words.length;
    if (!LEGAL_SUFFIXES.has(word) && !joinsSuffixes) break;
    end--;
  }
  return words.slice(0, end).join(' ');
}

/** `https://www.shop.acme.co.uk/x` → `acme.co.uk`; null when there is none (an IP address, a bare word, `localhost`). */
export function registrableDomain(urlOrHost: string | null | undefined): string | null {
  const text = urlOrHost?.trim();
  if (!text) return null;
  return getDomain(text.includes('@') ? text.slice(text.lastIndexOf('@') + 1) : text)?.toLowerCase() ?? null;
}

/** The company's domain behind an e-mail address; null for a free-mail provider, where an address says nothing of a company. */
export function companyDomainOfEmail(email: string | null | undefined): string | null {
  if (!email?.includes('@')) return null;
  const domain = registrableDomain(email);
  return domain !== null && FREE_MAIL_DOMAINS.has(domain) ? null : domain;
}

/** The domain a lead's company is recognised by: its website's, else its e-mail's. */
export function leadDomain(lead: { website?: string | null; email?: string | null }): string | null {
  const ofWebsite = registrableDomain(lead.website);
  if (ofWebsite !== null && !FREE_MAIL_DOMAINS.has(ofWebsite)) return ofWebsite;
  return companyDomainOfEmail(lead.email);
}
