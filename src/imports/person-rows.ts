import { money } from './account-rows.ts';
import { boolean, date, headcount, id, pastInstant, type Reading, startOfDay } from './cell-values.ts';
import type { CsvRow } from './csv-table.ts';
import type { FileShape } from './drafts.ts';

interface PersonDraft {
  firstName: string | null;
  lastName: string;
  email: string | null;
  phone: string | null;
  mobile: string | null;
  title: string | null;
  source: string | null;
  description: string | null;
  doNotCall: boolean;
  emailOptOut: boolean;
  ownerId: string | null;
}

function person(row: CsvRow): PersonDraft {
  return {
    firstName: row.text('FirstName'),
    lastName: row.required('LastName'),
    email: row.text('Email'),
    phone: row.text('Phone'),
    mobile: row.text('MobilePhone'),
    title: row.text('Title'),
    source: row.text('LeadSource'),
    description: row.text('Description'),
    doNotCall: row.read('DoNotCall', boolean) ?? false,
    emailOptOut: row.read('HasOptedOutOfEmail', boolean) ?? false,
    ownerId: row.read('OwnerId', id),
  };
}

function address(row: CsvRow, prefix: string) {
  return {
    street: row.text(`${prefix}Street`),
    city: row.text(`${prefix}City`),
    state: row.text(`${prefix}State`),
    postalCode: row.text(`${prefix}PostalCode`),
    country: row.text(`${prefix}Country`),
  };
}

export type ContactDraft = PersonDraft & ReturnType<typeof address> & { accountId: string | null };

export const contactFile: FileShape<ContactDraft> = {
  file: 'Contact.csv',
  type: 'contacts',
  requiredColumns: ['Id', 'LastName'],
  read: (row) => ({ ...person(row), ...address(row, 'Mailing'), accountId: row.read('AccountId', id) }),
};

/** Where a converted lead went; a link it never had is null. */
export interface ConversionDraft {
  convertedAt: Date | null;
  accountId: string | null;
  contactId: string | null;
  opportunityId: string | null;
}

export type LeadDraft = PersonDraft &
  ReturnType<typeof address> & {
    company: string | null;
    website: string | null;
    industry: string | null;
    employees: number | null;
    annualRevenue: bigint | null;
    annualRevenueCurrency: string | null;
    rating: string | null;
    status: string | null;
    campaignId: string | null;
    /** Only of a lead whose `IsConverted` says so: a status that sounds like it proves nothing. */
    conversion: ConversionDraft | null;
  };

/** `ConvertedDate` is a day; a change on that same day was the conversion or came after it, so it tells the hour better. */
function conversion(row: CsvRow, reading: Reading): ConversionDraft | null {
  if (!row.read('IsConverted', boolean)) return null;
  const instant = (column: string) => row.read(column, (text) => pastInstant(text, reading));
  const day = (column: string) => row.read(column, (text) => date(text, reading));
  const converted = instant('ConvertedDate');
  const convertedDay = day('ConvertedDate');
  const modifiedColumn = row.text('LastModifiedDate') === null ? 'SystemModstamp' : 'LastModifiedDate';
  const modified = instant(modifiedColumn);
  const isDayOnly = convertedDay !== null && +startOfDay(convertedDay, reading) === +converted!;
  return {
    convertedAt: isDayOnly && day(modifiedColumn) === convertedDay ? modified : (converted ?? modified),
    accountId: row.read('ConvertedAccountId', id),
    contactId: row.read('ConvertedContactId', id),
    opportunityId: row.read('ConvertedOpportunityId', id),
  };
}

export const leadFile: FileShape<LeadDraft> = {
  file: 'Lead.csv',
  type: 'leads',
  requiredColumns: ['Id', 'LastName'],
  read(row, reading, report) {
    const { amount, currency } = money(row, 'AnnualRevenue', reading, report);
    return {
      ...person(row),
      ...address(row, ''),
      company: row.text('Company'),
      website: row.text('Website'),
      industry: row.text('Industry'),
      employees: row.read('NumberOfEmployees', headcount),
      annualRevenue: amount,
      annualRevenueCurrency: amount === null ? null : currency,
      rating: row.text('Rating'),
      status: row.text('Status'),
      campaignId: row.read('CampaignId', id),
      conversion: conversion(row, reading),
    };
  },
};
