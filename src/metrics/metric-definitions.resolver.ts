import { Query, Resolver } from 'type-graphql';
import { catalogue } from './catalogue.ts';
import { MetricDefinition } from './metric.types.ts';

@Resolver()
export class MetricDefinitionsResolver {
  @Query(() => [MetricDefinition], { description: 'The catalogue: every metric with its formula and unit.' })
  metricDefinitions(): MetricDefinition[] {
    return [...catalogue().values()];
  }
}
