/**
 * The form in which texts are compared, ordered and searched: no accents, lower case, single spaces.
 * `"  Société  GÉNÉRALE"` → `"societe generale"`.
 */
export function textKey(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/ł/g, 'l')
    .replace(/đ/g, 'd')
    .replace(/æ/g, 'ae')
    .replace(/œ/g, 'oe')
    .replace(/\s+/g, ' ')
    .trim();
}

export function textKeyOrNull(text: string | null | undefined): string | null {
  return (text && textKey(text)) || null;
}
