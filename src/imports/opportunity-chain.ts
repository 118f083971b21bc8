import { sameTrackedState, type TrackedState } from '../opportunities/opportunity-history.ts';

/** A state and when it began (milliseconds): it lasts until the next one begins. */
export interface Version {
  from: number;
  state: TrackedState;
}

interface Times {
  createdAt: number;
  /** Null where the source tells no last modification. */
  modifiedAt: number | null;
}

function append(chain: Version[], state: TrackedState, at: number): void {
  const last = chain.at(-1);
  if (last && sameTrackedState(last.state, state)) return;
  // Exports round to the minute, and an interval can't be empty.
  chain.push({ state, from: last ? Math.max(at, last.from + 1) : at });
}

/**
 * The chain a history file tells, ending in the record's present state. Of equal times the file's order counts, except
 * that at the last one the state that is the present one comes last. The first state reaches back to the creation.
 */
export function recordedChain(history: readonly Version[], present: TrackedState, times: Times): Version[] {
  const sorted = history.toSorted((a, b) => a.from - b.from);
  const lastMoment = sorted.at(-1)?.from;
  const isPresent = (version: Version) =>
    version.from === lastMoment && sameTrackedState(version.state, present);
  const ordered = [
    ...sorted.filter((version) => !isPresent(version)),
    ...sorted.filter((version) => isPresent(version)),
  ];
  const chain: Version[] = [];
  for (const { state, from } of ordered)
    append(chain, state, chain.length === 0 ? times.createdAt : Math.max(from, times.createdAt));
  // Never before the last row: the first state may have been drawn back from there to the creation.
  append(chain, present, Math.max(lastMoment ?? times.createdAt, times.modifiedAt ?? times.createdAt));
  return chain;
}

/** Without a history: open from the creation, closed from the close date, which is clamped to [created, last modified]. */
export function derivedChain(
  present: TrackedState,
  openStage: Pick<TrackedState, 'stageId' | 'probability' | 'forecastCategory'> | undefined,
  closeDate: number,
  times: Times & { latest: number },
): Version[] {
  const { createdAt, modifiedAt, latest } = times;
  const closedAt = Math.max(createdAt, Math.min(closeDate, modifiedAt ?? latest));
  if (!present.isClosed || !openStage || closedAt === createdAt) return [{ from: createdAt, state: present }];
  const { stageId, probability, forecastCategory } = openStage;
  const open = { ...present, stageId, probability, forecastCategory, isClosed: false, isWon: false };
  return [
    { from: createdAt, state: open },
    { from: closedAt, state: present },
  ];
}

/** A chain Kontor has, continued to a new present state; the same chain when that is its last state already. */
export function continuedChain(
  known: Version[],
  present: TrackedState,
  modifiedAt: number | null,
  now: number,
): Version[] {
  const last = known.at(-1);
  const at = modifiedAt !== null && last && modifiedAt > last.from ? modifiedAt : now;
  const chain = [...known];
  append(chain, present, at);
  return chain;
}

/** The chain begun at the creation, which a better source may have moved. */
export function anchoredChain(chain: Version[], createdAt: number): Version[] {
  const [first, second] = chain;
  if (!first || (second && second.from <= createdAt)) return chain;
  return [{ ...first, from: createdAt }, ...chain.slice(1)];
}

export function sameChain(a: readonly Version[], b: readonly Version[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ from, state }, index) => from === b[index]!.from && sameTrackedState(state, b[index]!.state))
  );
}

/** When the last closed stretch began; null for an open deal. */
export function closedAt(chain: readonly Version[]): number | null {
  const lastOpen = chain.findLastIndex(({ state }) => !state.isClosed);
  return chain[lastOpen + 1]?.from ?? null;
}

/** How often the close date moved later. */
export function pushCount(chain: readonly Version[]): number {
  return chain.filter(({ state }, index) => index > 0 && state.closeDate > chain[index - 1]!.state.closeDate)
    .length;
}
