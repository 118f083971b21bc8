/** Base 32 without i, l, o and u, in ascending order of its characters, so that ids sort as their UUIDs. */
const DIGITS = Buffer.from('0123456789abcdefghjkmnpqrstvwxyz', 'latin1');
const LENGTH = 26;
const DASHES = new Set([8, 13, 18, 23]);

/** Where in a UUID's text its 32 hexadecimal digits are. */
const HEX_AT = Array.from({ length: 36 }, (_, index) => index).filter((index) => !DASHES.has(index));

const scratch = Buffer.alloc(LENGTH);

function hexDigit(code: number): number {
  return code < 58 ? code - 48 : code - 87;
}

/**
 * The suffix of a TypeID (spec 0.3.0): 128 bits after two zero bits, five to a character. Lower-case UUIDs as PostgreSQL
 * writes them. `typeid-js` gives the same in four times the time, and a page has hundreds of ids.
 */
export function typeIdSuffix(uuid: string): string {
  let value = 0;
  let bits = 2;
  let written = 0;
  for (const index of HEX_AT) {
    value = (value << 4) | hexDigit(uuid.charCodeAt(index));
    bits += 4;
    if (bits >= 5) {
      bits -= 5;
      scratch[written++] = DIGITS[value >> bits]!;
      value &= (1 << bits) - 1;
    }
  }
  return scratch.toString('latin1');
}
