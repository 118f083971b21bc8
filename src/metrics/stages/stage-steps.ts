import type { Stage } from '../../opportunities/stage.type.ts';

/** A stage's place on the way to a won deal, from 1; null for stages of lost deals, which lead nowhere. */
export interface StageStep {
  stage: Stage;
  rank: number | null;
}

/** The open stages in the organisation's order, then those that are won, wherever the list has them. */
export function stageSteps(stages: Stage[]): StageStep[] {
  const isLost = ({ isClosed, isWon }: Stage) => isClosed && !isWon;
  const way = [
    ...stages.filter(({ isClosed }) => !isClosed),
    ...stages.filter((stage) => stage.isClosed && !isLost(stage)),
  ];
  return stages.map((stage) => ({ stage, rank: isLost(stage) ? null : way.indexOf(stage) + 1 }));
}

/** The steps one can come from and go to, first ones first: each with the next, or with all later ones. */
export function stagePairs(steps: StageStep[], allPairs: boolean): [from: StageStep, to: StageStep][] {
  const way = steps.filter(({ rank }) => rank !== null).sort((a, b) => a.rank! - b.rank!);
  return way
    .filter(({ stage }) => !stage.isClosed)
    .flatMap((from) =>
      way
        .filter(({ rank }) => (allPairs ? rank! > from.rank! : rank === from.rank! + 1))
        .map((to): [StageStep, StageStep] => [from, to]),
    );
}
