import pg from 'pg';

const DATE = 1082;
const TIMESTAMPTZ = 1184;
const JSONB = 3802;
const BIGINT_AND_NUMERIC = [20, 1700];

/** A `Date` goes to PostgreSQL as what it is in UTC: as a time where the server is, its offset would lose its seconds. */
pg.defaults.parseInputDatesAsUTC = true;

/** `2026-02-24 02:18:00.5+00` (the session's time zone is UTC) → `2026-02-24T02:18:00.500Z`. */
function timestamp(text: string): string {
  const seconds = text.slice(0, 19).replace(' ', 'T');
  const fraction = text.slice(20, text.indexOf('+', 19)).padEnd(3, '0');
  return `${seconds}.${fraction}Z`;
}

/** How a read row's columns reach JavaScript: dates and times as ISO text, exact numbers as text, nothing through `Date`. */
export const rowTypes: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (format !== 'binary') {
      if (oid === TIMESTAMPTZ) return timestamp;
      if (oid === DATE || BIGINT_AND_NUMERIC.includes(oid)) return (text: string) => text;
      if (oid === JSONB) return JSON.parse;
    }
    return pg.types.getTypeParser(oid, format);
  },
};
