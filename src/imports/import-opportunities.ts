import { OpportunityEntity } from '../opportunities/opportunity.entity.ts';
import { ForecastCategory } from '../opportunities/opportunity.enums.ts';
import { opportunityKeys } from '../opportunities/opportunity.keys.ts';
import type { TrackedState } from '../opportunities/opportunity-history.ts';
import { type Reading, startOfDay } from './cell-values.ts';
import type { Draft, DraftTable } from './drafts.ts';
import type { KnownRecord, LinkTarget } from './known-records.ts';
import {
  anchoredChain,
  closedAt,
  continuedChain,
  derivedChain,
  pushCount,
  recordedChain,
  sameChain,
  type Version,
} from './opportunity-chain.ts';
import type { HistoryDraft, OpportunityDraft } from './opportunity-rows.ts';
import type { Stages } from './stages.ts';
import { primaryCampaign } from './import-campaigns.ts';
import { type Outcome, ownerUser, type Run, type Sources, writeRecords } from './write-records.ts';

const SOURCES: Sources = {
  accountId: ['AccountId'],
  name: ['Name'],
  nameKey: ['Name'],
  stageId: [],
  stagePosition: [],
  amount: [],
  currency: [],
  probability: [],
  forecastCategory: [],
  closeDate: [],
  closedAt: [],
  isClosed: [],
  isWon: [],
  pushCount: [],
  ownerId: ['OwnerId'],
  campaignId: ['CampaignId'],
  source: ['LeadSource'],
  sourceKey: ['LeadSource'],
  typeLabel: ['Type'],
  nextStep: ['NextStep'],
  description: ['Description'],
};

/** An opportunity Kontor has, with its history and whether Kontor itself changed it since. */
export type KnownOpportunity = KnownRecord & {
  /** Milliseconds. */
  createdAt: number;
  createdAtEstimated: boolean;
  chain: Version[];
  pushCount: number;
  isTouched: boolean;
};

export interface OpportunityImport {
  table: DraftTable<OpportunityDraft>;
  known: ReadonlyMap<string, KnownOpportunity>;
  /** By the opportunity's Salesforce id, in the file's order. */
  history: ReadonlyMap<string, HistoryDraft[]>;
  stages: Stages;
  accounts: LinkTarget;
  opportunities: LinkTarget;
  campaigns: LinkTarget;
  reading: Reading;
}

/** A history that differs from the one Kontor has. */
export interface ChangedChain {
  opportunityId: string;
  externalId: string;
  isNew: boolean;
  chain: Version[];
}

export async function importOpportunities(
  run: Run,
  source: OpportunityImport,
): Promise<Outcome & { changedChains: ChangedChain[] }> {
  const { table, known, accounts, opportunities } = source;
  const changedChains: ChangedChain[] = [];
  const target = { entity: OpportunityEntity, table, known, sources: SOURCES };
  const outcome = await writeRecords(run, target, table.drafts.values(), (draft, id, before) => {
    const state = presentState(draft, before, source);
    const accountId = accounts.resolve('AccountId', draft.accountId);
    const chain = chainOf(run, draft, state, before, source);
    const isChanged = !before || !sameChain(chain, before.chain);
    if (isChanged)
      changedChains.push({ opportunityId: id, externalId: draft.externalId, isNew: !before, chain });
    const closed = closedAt(chain);
    const { name, typeLabel, nextStep, description } = draft;
    const values = {
      ...{ name, typeLabel, nextStep, description, source: draft.source },
      ...opportunityKeys({ name, source: draft.source }),
      ...state,
      stagePosition: source.stages.named(draft.stage).position,
      closedAt: closed === null ? null : new Date(closed),
      pushCount: isChanged ? pushCount(chain) : before.pushCount,
      accountId,
      campaignId: primaryCampaign(run, source.campaigns, draft.campaignId),
      ownerId: ownerUser(run, draft.ownerId),
    };
    opportunities.set(draft.externalId, id);
    return values;
  });
  return { ...outcome, changedChains };
}

/** What the row says of the deal's standing; what it doesn't say stays, else comes from the stage. */
function presentState(
  draft: OpportunityDraft,
  before: KnownOpportunity | undefined,
  { table, stages }: OpportunityImport,
): TrackedState {
  const stage = stages.named(draft.stage);
  const isWon = draft.isWon ?? (draft.isClosed === false ? false : stage.isWon);
  const isClosed = draft.isClosed ?? (isWon || stage.isClosed);
  const agrees = isClosed === stage.isClosed && isWon === stage.isWon;
  const last = before?.chain.at(-1)?.state;
  const stays =
    last?.stageId === stage.id && last.isClosed === isClosed && last.isWon === isWon ? last : undefined;
  const usual = isWon
    ? ForecastCategory.CLOSED
    : isClosed
      ? ForecastCategory.OMITTED
      : ForecastCategory.PIPELINE;
  return {
    stageId: stage.id,
    amount: table.columns.has('amount') ? draft.amount : (last?.amount ?? null),
    currency: draft.currency,
    probability: draft.probability ?? stays?.probability ?? stage.probability,
    forecastCategory:
      draft.forecastCategory ?? stays?.forecastCategory ?? (agrees ? stage.forecastCategory : usual),
    closeDate: draft.closeDate,
    isClosed,
    isWon,
  };
}

function pastState(
  row: HistoryDraft,
  draft: OpportunityDraft,
  present: TrackedState,
  stages: Stages,
): TrackedState {
  const stage = stages.named(row.stage);
  const isPresentStage = stage.id === present.stageId;
  const { isClosed, isWon } = isPresentStage ? present : stages.flagsOf(row.stage);
  return {
    stageId: stage.id,
    amount: row.amount === undefined ? present.amount : row.amount,
    currency: row.currency ?? draft.currency,
    probability: row.probability ?? (isPresentStage ? present.probability : stage.probability),
    forecastCategory: row.forecastCategory ?? (isPresentStage ? present : stage).forecastCategory,
    closeDate: row.closeDate ?? present.closeDate,
    isClosed,
    isWon,
  };
}

/** The creation the record will have: as `updateRows` decides it. */
function creation(draft: Draft, before: KnownOpportunity | undefined, now: Date): number {
  if (draft.createdAt !== null) return +draft.createdAt;
  const estimate = +(draft.earliest ?? now);
  if (!before) return estimate;
  return before.createdAtEstimated ? Math.min(estimate, before.createdAt) : before.createdAt;
}

/** Salesforce writes a history's first row at the creation, of which an export may only tell the day. */
const DAY = 24 * 60 * 60 * 1000;

/**
 * The deal's history. A file's history replaces one that only imports wrote, from where the file's begins; what Kontor
 * recorded itself is never rewritten, only continued.
 */
function chainOf(
  { now }: Run,
  draft: OpportunityDraft & Draft,
  present: TrackedState,
  before: KnownOpportunity | undefined,
  { history, stages, reading }: OpportunityImport,
): Version[] {
  const createdAt = creation(draft, before, now);
  const modifiedAt = draft.modifiedAt && Math.max(+draft.modifiedAt, createdAt);
  const times = { createdAt, modifiedAt };
  const rows = history.get(draft.externalId);
  if (rows && !before?.isTouched) {
    const past = rows.map((row) => ({ from: +row.at, state: pastState(row, draft, present, stages) }));
    const beginsAt = Math.min(...past.map(({ from }) => from));
    const isWhole = beginsAt <= createdAt + DAY;
    const older = isWhole ? [] : (before?.chain ?? []).filter(({ from }) => from < beginsAt);
    return recordedChain([...older, ...past], present, times);
  }
  if (before) return anchoredChain(continuedChain(before.chain, present, modifiedAt, +now), createdAt);
  const first = stages.firstOpen;
  const open = first && {
    stageId: first.id,
    probability: first.probability,
    forecastCategory: first.forecastCategory,
  };
  const closeDate = +startOfDay(draft.closeDate, reading);
  return derivedChain(present, open, closeDate, { ...times, latest: +now });
}
