import { registerEnumType } from 'type-graphql';

export enum ForecastCategory {
  PIPELINE = 'PIPELINE',
  BEST_CASE = 'BEST_CASE',
  MOST_LIKELY = 'MOST_LIKELY',
  COMMIT = 'COMMIT',
  CLOSED = 'CLOSED',
  OMITTED = 'OMITTED',
}
registerEnumType(ForecastCategory, {
  name: 'ForecastCategory',
  description: 'How sure a deal is counted in a forecast.',
  valuesConfig: {
    PIPELINE: { description: 'Open, not yet likely.' },
    BEST_CASE: { description: 'Open, won if all goes well.' },
    MOST_LIKELY: { description: 'Open, more likely than not.' },
    COMMIT: { description: 'Open, promised by its owner.' },
    CLOSED: { description: 'Won.' },
    OMITTED: { description: 'Left out of forecasts and of the open pipeline (lost deals are here).' },
  },
});
