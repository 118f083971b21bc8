import type { AccountType } from '../accounts/account.enums.ts';
import { registrableDomain } from '../accounts/company.ts';
import { accountType, currencyCode, headcount, id, minorUnits, type Reading } from './cell-values.ts';
import type { CsvRow } from './csv-table.ts';
import type { FileShape } from './drafts.ts';
import type { ImportReport } from './import-report.ts';

export interface Money {
  amount: bigint | null;
  currency: string;
}

/** An amount with the row's currency, else the organisation's. */
export function money(row: CsvRow, column: string, reading: Reading, report: ImportReport): Money {
  const currency = row.read('CurrencyIsoCode', currencyCode) ?? reading.currency;
  const value = row.read(column, (text) => minorUnits(text, currency));
  if (value?.isRounded)
    report.note('{n} amounts had more decimals than their currency and were rounded half away from zero');
  return { amount: value?.minor ?? null, currency };
}

export interface AccountDraft {
  name: string;
  parentId: string | null;
  ownerId: string | null;
  website: string | null;
  domain: string | null;
  industry: string | null;
  employees: number | null;
  annualRevenue: bigint | null;
  annualRevenueCurrency: string | null;
  phone: string | null;
  street: string | null;
  city: string | null;
  state: string | null;
  postalCode: string | null;
  country: string | null;
  rating: string | null;
  type: AccountType | null;
  typeLabel: string | null;
  description: string | null;
}

export const accountFile: FileShape<AccountDraft> = {
  file: 'Account.csv',
  type: 'accounts',
  requiredColumns: ['Id', 'Name'],
  read(row, reading, report) {
    const { amount, currency } = money(row, 'AnnualRevenue', reading, report);
    const typeLabel = row.text('Type');
    return {
      name: row.required('Name'),
      parentId: row.read('ParentId', id),
      ownerId: row.read('OwnerId', id),
      website: row.text('Website'),
      domain: registrableDomain(row.text('Website')),
      industry: row.text('Industry'),
      employees: row.read('NumberOfEmployees', headcount),
      annualRevenue: amount,
      annualRevenueCurrency: amount === null ? null : currency,
      phone: row.text('Phone'),
      street: row.text('BillingStreet'),
      city: row.text('BillingCity'),
      state: row.text('BillingState'),
      postalCode: row.text('BillingPostalCode'),
      country: row.text('BillingCountry'),
      rating: row.text('Rating'),
      type: typeLabel === null ? null : accountType(typeLabel),
      typeLabel,
      description: row.text('Description'),
    };
  },
};
