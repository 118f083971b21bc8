import type { ForecastCategory } from '../opportunities/opportunity.enums.ts';
import { money } from './account-rows.ts';
import { boolean, date, forecastCategory, id, pastInstant, percent } from './cell-values.ts';
import { type CsvRow, RowProblem } from './csv-table.ts';
import type { FileShape } from './drafts.ts';

export interface OpportunityDraft {
  name: string;
  accountId: string | null;
  ownerId: string | null;
  campaignId: string | null;
  stage: string;
  amount: bigint | null;
  currency: string;
  probability: number | null;
  forecastCategory: ForecastCategory | null;
  closeDate: string;
  isClosed: boolean | null;
  isWon: boolean | null;
  source: string | null;
  typeLabel: string | null;
  nextStep: string | null;
  description: string | null;
}

function category(row: CsvRow): ForecastCategory | null {
  return row.read('ForecastCategory', forecastCategory) ?? row.read('ForecastCategoryName', forecastCategory);
}

/** Whether the deal is closed and won: a blank flag is FALSE, an absent column leaves it to the stage. */
function outcome(row: CsvRow): { isClosed: boolean | null; isWon: boolean | null } {
  const flag = (column: string) => (row.has(column) ? (row.read(column, boolean) ?? false) : null);
  const isWon = flag('IsWon');
  const isClosed = flag('IsClosed') ?? (isWon ? true : null);
  if (isWon && isClosed === false) throw new RowProblem('IsWon', 'is true although IsClosed is not');
  return { isClosed, isWon };
}

export const opportunityFile: FileShape<OpportunityDraft> = {
  file: 'Opportunity.csv',
  type: 'opportunities',
  requiredColumns: ['Id', 'Name', 'StageName', 'CloseDate'],
  read(row, reading, report) {
    row.required('CloseDate');
    return {
      name: row.required('Name'),
      accountId: row.read('AccountId', id),
      ownerId: row.read('OwnerId', id),
      campaignId: row.read('CampaignId', id),
      stage: row.required('StageName'),
      ...money(row, 'Amount', reading, report),
      probability: row.read('Probability', percent),
      forecastCategory: category(row),
      closeDate: row.read('CloseDate', (text) => date(text, reading))!,
      ...outcome(row),
      source: row.text('LeadSource'),
      typeLabel: row.text('Type'),
      nextStep: row.text('NextStep'),
      description: row.text('Description'),
    };
  },
};

/** A past state of an opportunity; what a column that isn't there would tell is undefined. */
export interface HistoryDraft {
  line: number;
  opportunityId: string;
  at: Date;
  stage: string;
  amount: bigint | null | undefined;
  currency: string | undefined;
  probability: number | undefined;
  forecastCategory: ForecastCategory | undefined;
  closeDate: string | undefined;
}

export const historyFile: FileShape<HistoryDraft> = {
  file: 'OpportunityHistory.csv',
  type: 'opportunityHistory',
  requiredColumns: ['Id', 'OpportunityId', 'CreatedDate', 'StageName'],
  read(row, reading, report) {
    row.required('OpportunityId');
    row.required('CreatedDate');
    const hasCurrency = row.text('CurrencyIsoCode') !== null;
    const { amount, currency } = money(row, 'Amount', reading, report);
    return {
      line: row.line,
      opportunityId: row.read('OpportunityId', id)!,
      at: row.read('CreatedDate', (text) => pastInstant(text, reading))!,
      stage: row.required('StageName'),
      amount: row.has('Amount') ? amount : undefined,
      currency: hasCurrency ? currency : undefined,
      probability: row.read('Probability', percent) ?? undefined,
      forecastCategory: category(row) ?? undefined,
      closeDate: row.read('CloseDate', (text) => date(text, reading)) ?? undefined,
    };
  },
};
