import type { MetricText } from '../catalogue.ts';
import { MetricUnit } from '../metric.enums.ts';

interface MovementText extends MetricText {
  /** Of the balance: what the pipeline gains, and what it loses; start and end are what is balanced. */
  sign: 1 | -1;
}

const movement = (label: string, sign: 1 | -1, formula: string): MovementText => ({
  label: `Pipeline movement: ${label}`,
  formula,
  unit: MetricUnit.MONEY,
  emptyValue: '0',
  sign,
});

const STEP =
  'Every step from one version of an opportunity to the next between the two moments is looked at by itself.';

/**
 * Between two moments: start + created + reopened + pulledIn + increased − decreased − pushedOut − won − lost − omitted =
 * end, for the number of deals and for the amount. In the order of the balance.
 */
export const movementDefinitions = {
  movementStart: movement(
    'start',
    1,
    'The open pipeline at the moment `from`: not closed, not OMITTED, and with `closing` with a close date in that window.',
  ),
  movementCreated: movement(
    'created',
    1,
    `Opportunities whose history begins between the moments, in the pipeline; with the amount they began with. ${STEP}`,
  ),
  movementReopened: movement(
    'reopened',
    1,
    'Steps from closed, won or lost, into the pipeline; with the amount they came back with.',
  ),
  movementPulledIn: movement(
    'pulled in',
    1,
    'Steps of open opportunities whose close date moved into the window `closing`; with the amount they came in with. Without `closing` 0.',
  ),
  movementIncreased: movement(
    'increased',
    1,
    'Σ of what amounts rose by, from one version to the next in the pipeline, the step that leaves it included. A close date that brings another exchange rate is a change of amount, too. These deals stay in the pipeline, so `count` is 0; `deals` tells how many they are.',
  ),
  movementDecreased: movement(
    'decreased',
    -1,
    'Σ of what amounts fell by, as a positive amount, from one version to the next in the pipeline, the step that leaves it included. These deals stay in the pipeline, so `count` is 0; `deals` tells how many they are.',
  ),
  movementPushedOut: movement(
    'pushed out',
    -1,
    'Steps of open opportunities whose close date moved out of the window `closing`; with the amount they left with. Without `closing` 0.',
  ),
  movementWon: movement(
    'won',
    -1,
    'Steps from the pipeline to won; with the amount they were won with. From lost to won is no movement: that deal was not in the pipeline.',
  ),
  movementLost: movement(
    'lost',
    -1,
    'Steps from the pipeline to lost; with the amount they were lost with. From won to lost is no movement: that deal was not in the pipeline.',
  ),
  movementOmitted: movement(
    'omitted',
    -1,
    'Net: steps of open opportunities from the pipeline to the forecast category OMITTED, less those back from it. Can be below 0.',
  ),
  movementEnd: movement('end', 1, 'The open pipeline at the moment `to`, as at the start.'),
} as const satisfies Record<string, MovementText>;

type MovementKey = keyof typeof movementDefinitions;

/** `movementPulledIn` → `pulledIn`: the field. */
export type MovementName = Uncapitalize<MovementKey extends `movement${infer Name}` ? Name : never>;

export const movementNames = Object.keys(movementDefinitions).map(
  (key) => key.charAt('movement'.length).toLowerCase() + key.slice('movement'.length + 1),
) as MovementName[];

export const movementKey = (name: MovementName) =>
  `movement${name.charAt(0).toUpperCase()}${name.slice(1)}` as MovementKey;
