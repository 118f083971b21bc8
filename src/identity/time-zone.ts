import { IANAZone } from 'luxon';

/** Names that JavaScript's ICU has beside the IANA's; PostgreSQL has them not, or reads them as an offset. */
const ICU_ONLY = /^(systemv\/|us\/pacific-new$)/i;

/**
 * Is it a zone to JavaScript and to PostgreSQL, and the same one? Offsets (`+02:00`) are of the opposite sign to
 * PostgreSQL, abbreviations (`IST`, `CET`) are other zones, or without summer time, and `local` is the machine's.
 */
export function isNamedZone(timeZone: string): boolean {
  if (timeZone === 'UTC') return true;
  return timeZone.includes('/') && !ICU_ONLY.test(timeZone) && IANAZone.isValidZone(timeZone);
}

/** What is said of any other. */
export const NO_ZONE = 'is no IANA time zone (Europe/Berlin, …)';
