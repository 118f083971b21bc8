import { type Rule, refuse, shortText } from '../graphql/input-rules.ts';
import { type MoneyInput, minorMoney } from '../graphql/money.type.ts';
import { registrableDomain } from './company.ts';

/** An address on the web, kept as entered. */
export const website: Rule<string | null, string | null> = (given, path) => {
  const value = shortText(given, path);
  if (value !== null && registrableDomain(value) === null)
    throw refuse(path, `is not the address of a website: ${value}`);
  return value;
};

/** Any address within a domain → the registrable domain: `www.acme.co.uk` → `acme.co.uk`. */
export const domain: Rule<string | null, string | null> = (given, path) => {
  const value = shortText(given, path);
  const registrable = registrableDomain(value);
  if (value !== null && registrable === null) throw refuse(path, `is not a domain (acme.com): ${value}`);
  return registrable;
};

/** A company's revenue per year, as its two columns. */
export function annualRevenue(organizationCurrency: string) {
  return (given: MoneyInput | null, path: string[]) => {
    const revenue = given && minorMoney(given, organizationCurrency, path);
    if (revenue && revenue.amount < 0n) throw refuse([...path, 'amount'], 'must be at least 0');
    return {
      annualRevenue: revenue?.amount ?? null,
      annualRevenueCurrency: revenue?.currency ?? null,
    };
  };
}
