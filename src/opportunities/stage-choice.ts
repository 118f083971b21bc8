import type { Transaction } from '../database/database.ts';
import { textKey } from '../database/text-key.ts';
import { invalidInput, Refusal, UserErrorCode } from '../graphql/user-error.ts';
import { heldStage } from '../identity/held-settings.ts';
import type { StageEntity } from '../identity/identity.entity.ts';
import type { OpportunityEntity } from './opportunity.entity.ts';
import { ForecastCategory } from './opportunity.enums.ts';

/** The organisation's stage of that name, whatever case and accents; else refused with the names there are. */
export function stageNamed(tx: Transaction, name: string): Promise<StageEntity> {
  return heldStage(tx, (stages) => {
    const stage = stages.find(({ nameKey }) => nameKey === textKey(name));
    if (stage) return stage;
    throw new Refusal({
      code: UserErrorCode.INVALID_INPUT,
      message: `stage is none of the organisation's: ${name}`,
      path: ['stage'],
      allowed: stages.map((possible) => possible.name),
    });
  });
}

/** Where a deal begins when nobody says where. */
export function firstOpenStage(tx: Transaction): Promise<StageEntity> {
  return heldStage(tx, (stages) => {
    const stage = stages.find(({ isClosed }) => !isClosed);
    if (!stage) throw invalidInput('stage', 'The organisation has no open stage');
    return stage;
  });
}

/** What a deal has from its stage when it enters it. `at`: the moment, which is when a deal that enters a closed stage is closed. */
export function enteredStage(stage: StageEntity, at: Date) {
  return {
    stageId: stage.id,
    stagePosition: stage.position,
    probability: stage.probability,
    forecastCategory: stage.forecastCategory,
    isClosed: stage.isClosed,
    isWon: stage.isWon,
    closedAt: stage.isClosed ? at : null,
  } satisfies Partial<OpportunityEntity>;
}

interface Estimate {
  probability?: number | null;
  forecastCategory?: ForecastCategory | null;
}

/**
 * A deal's own probability and forecast category; null means the stage's. How sure a closed deal is, is no estimate, so
 * there only the stage's values pass; and CLOSED means won.
 */
export function estimateWithin(stage: StageEntity, given: Estimate) {
  const probability = given.probability === null ? stage.probability : given.probability;
  const forecastCategory = given.forecastCategory === null ? stage.forecastCategory : given.forecastCategory;
  if (stage.isClosed && probability !== undefined && probability !== stage.probability)
    throw invalidInput('probability', `probability of a deal in ${stage.name} is ${stage.probability}`);
  if (forecastCategory !== undefined && forecastCategory !== stage.forecastCategory) {
    if (stage.isClosed)
      throw invalidInput(
        'forecastCategory',
        `forecastCategory of a deal in ${stage.name} is ${stage.forecastCategory}`,
      );
    if (forecastCategory === ForecastCategory.CLOSED)
      throw invalidInput('forecastCategory', 'forecastCategory CLOSED is for deals that are won');
  }
  return {
    ...(probability !== undefined && { probability }),
    ...(forecastCategory !== undefined && { forecastCategory }),
  };
}
