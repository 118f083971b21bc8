import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.ts';
import { textKey } from '../database/text-key.ts';
import { StageEntity } from '../identity/identity.entity.ts';
import { ForecastCategory } from '../opportunities/opportunity.enums.ts';
import type { DraftTable } from './drafts.ts';
import type { ImportReport } from './import-report.ts';
import type { HistoryDraft, OpportunityDraft } from './opportunity-rows.ts';
import { Votes } from './votes.ts';

interface StageFlags {
  isClosed: boolean;
  isWon: boolean;
  probability: number;
  forecastCategory: ForecastCategory;
}

type Hints = {
  isClosed?: boolean | null;
  isWon?: boolean | null;
  probability?: number | null | undefined;
  forecastCategory?: ForecastCategory | null | undefined;
};

/** What a row says of its stage; what it leaves out follows from the rest, as Salesforce's standard stages have it. */
export function impliedFlags(row: Hints): StageFlags {
  const { forecastCategory: category, probability } = row;
  const isWon = row.isWon ?? (row.isClosed !== false && category === ForecastCategory.CLOSED);
  const isClosed =
    row.isClosed ?? (isWon || (category === ForecastCategory.OMITTED && (probability ?? 0) === 0));
  const implied = isWon
    ? ForecastCategory.CLOSED
    : isClosed
      ? ForecastCategory.OMITTED
      : ForecastCategory.PIPELINE;
  return {
    isClosed,
    isWon,
    probability: probability ?? (isWon ? 100 : 0),
    forecastCategory: category ?? implied,
  };
}

export class Stages {
  constructor(
    private readonly byKey: ReadonlyMap<string, StageEntity>,
    /** What the files' opportunities say of a stage, which the past states of others share. */
    private readonly flagsInFile: ReadonlyMap<string, { isClosed: boolean; isWon: boolean }>,
  ) {}

  named(name: string): StageEntity {
    return this.byKey.get(textKey(name))!;
  }

  flagsOf(name: string): { isClosed: boolean; isWon: boolean } {
    return this.flagsInFile.get(textKey(name)) ?? this.named(name);
  }

  /** Where a deal stands before anything is known of it. */
  get firstOpen(): StageEntity | undefined {
    return [...this.byKey.values()]
      .filter((stage) => !stage.isClosed)
      .sort((a, b) => a.position - b.position)[0];
  }
}

/** The organisation's stages with those of the files added: flags from the rows, open ones in the order of probability. */
export async function resolveStages(
  tx: Transaction,
  opportunities: DraftTable<OpportunityDraft>,
  history: Iterable<HistoryDraft>,
  report: ImportReport,
  now: Date,
): Promise<Stages> {
  const { organizationId } = tx.tenant;
  const stages = await tx.em.find(
    StageEntity,
    { organizationId },
    { orderBy: { position: 'asc', id: 'asc' } },
  );
  const byKey = new Map(stages.map((stage) => [stage.nameKey, stage]));
  const names = new Map<string, string>();
  const current = new Map<string, Votes<StageFlags>>();
  const past = new Map<string, Votes<StageFlags>>();
  const vote = (votes: Map<string, Votes<StageFlags>>, name: string, row: Hints) => {
    const key = textKey(name);
    if (!names.has(key)) names.set(key, name);
    if (!votes.has(key)) votes.set(key, new Votes());
    votes.get(key)!.add(impliedFlags(row));
  };
  for (const draft of opportunities.drafts.values()) {
    vote(current, draft.stage, draft);
    const known = byKey.get(textKey(draft.stage));
    const differs = (flag: 'isClosed' | 'isWon') =>
      known && draft[flag] !== null && draft[flag] !== known[flag];
    if (differs('isClosed') || differs('isWon'))
      report.note(
        `The stage "${known!.name}" keeps its flags; {n} opportunities in it say otherwise and keep theirs`,
      );
  }
  for (const draft of history) vote(past, draft.stage, draft);

  const added: StageEntity[] = [];
  for (const [key, name] of names) {
    if (byKey.has(key)) continue;
    const flags = (current.get(key) ?? past.get(key))!.winner!;
    const stage = tx.em.create(StageEntity, {
      organizationId,
      id: uuidv7(),
      name,
      nameKey: key,
      position: 0,
      ...flags,
      createdAt: now,
      updatedAt: now,
    });
    byKey.set(key, stage);
    added.push(stage);
    report.note(`Added the stage "${name}"`);
  }
  if (added.length > 0) await place(tx, stages, added, now);

  const hasFlags = opportunities.columns.has('isclosed') || opportunities.columns.has('iswon');
  const flagsInFile = new Map(hasFlags ? [...current].map(([key, votes]) => [key, votes.winner!]) : []);
  return new Stages(byKey, flagsInFile);
}

/** New open stages go behind the last open one that is no more probable, new closed ones to the end. */
async function place(tx: Transaction, stages: StageEntity[], added: StageEntity[], now: Date): Promise<void> {
  const order = [...stages];
  for (const stage of added) {
    const behind = stage.isClosed
      ? order.length - 1
      : order.findLastIndex((other) => !other.isClosed && other.probability <= stage.probability);
    order.splice(behind + 1, 0, stage);
  }
  for (const [index, stage] of order.entries()) {
    if (stage.position === index + 1) continue;
    stage.position = index + 1;
    stage.updatedAt = now;
  }
  await tx.em.flush();
  const { organizationId } = tx.tenant;
  await tx.query(sql`
    update opportunity o set stage_position = s.position
    from stage s
    where o.organization_id = ${organizationId} and s.organization_id = ${organizationId}
      and s.id = o.stage_id and o.stage_position <> s.position`);
}
