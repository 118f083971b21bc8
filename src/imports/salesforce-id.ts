const SUFFIX_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The three letters that make a case-sensitive id of 15 characters safe where case is lost: one bit per upper-case letter. */
function suffixOf(id: string): string {
  let suffix = '';
  for (let block = 0; block < 15; block += 5) {
    let bits = 0;
    for (let at = 0; at < 5; at++) if (/[A-Z]/.test(id[block + at]!)) bits |= 1 << at;
    suffix += SUFFIX_LETTERS[bits];
  }
  return suffix;
}

/** The letters' case as the suffix tells it; null when it calls a digit upper-case. */
function recased(id: string, suffix: string): string | null {
  const bits = [...suffix].map((letter) => SUFFIX_LETTERS.indexOf(letter));
  const letters = [...id].map((letter, index) =>
    bits[Math.floor(index / 5)]! & (1 << (index % 5)) ? letter.toUpperCase() : letter.toLowerCase(),
  );
  const result = letters.join('');
  return suffixOf(result) === suffix ? result : null;
}

/**
 * A Salesforce id in its one form of 18 characters, from 15 or 18, so that files mixing both link; null when it is none.
 * An id a spreadsheet or database turned wholly upper or lower case gets its letters back from the suffix.
 */
export function salesforceId(text: string): string | null {
  const id = text.trim();
  if (!/^(?:[0-9A-Za-z]{15}|[0-9A-Za-z]{18})$/.test(id)) return null;
  const body = id.slice(0, 15);
  if (id.length === 15) return body + suffixOf(body);
  const suffix = id.slice(15).toUpperCase();
  if (!/^[A-Z0-5]{3}$/.test(suffix)) return null;
  if (suffixOf(body) === suffix) return body + suffix;
  const caseIsLost = body === body.toUpperCase() || body === body.toLowerCase();
  const mended = caseIsLost ? recased(body, suffix) : null;
  if (mended === null) return null;
  // The kinds with a letter in their prefix show their case by it: `00Q…AAA` lost nothing, it was made up, as test data is.
  const showsItsCase = /^00[GKQTU]/;
  return (showsItsCase.test(body) && !showsItsCase.test(mended) ? body : mended) + suffix;
}

/**
 * The external ids a client may mean, in order of preference: what it says, and where that can be a Salesforce id of 15
 * characters, its form of 18, which is the one an import keeps.
 */
export function meantExternalIds(given: string): string[] {
  const completed = given.length === 15 ? salesforceId(given) : null;
  return completed === null ? [given] : [given, completed];
}

/** Queues own leads; Salesforce keeps them as groups, whose ids start so. */
export function isQueueId(id: string): boolean {
  return id.startsWith('00G');
}
