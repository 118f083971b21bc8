import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../../graphql/context.ts';
import { metricDescription } from '../catalogue.ts';
import { SalesMetrics } from '../deals/sales-metrics.type.ts';
import { stageDefinitions } from './stage-definitions.ts';
import { loadStageConversion, loadStageDuration, loadThreading } from './stage-metrics.loader.ts';
import { StageConversion, StageDuration, ThreadingMetric } from './stage-metrics.type.ts';

@Resolver(() => SalesMetrics)
export class StageMetricsResolver {
  @FieldResolver(() => [StageConversion], {
    description: metricDescription(stageDefinitions.stageConversion),
  })
  stageConversion(
    @Root() { origin }: SalesMetrics,
    @Arg('allPairs', () => Boolean, {
      nullable: true,
      description:
        'From each stage to all later ones, not to the next one only. Default: false. Lost stages are in no pair.',
    })
    allPairs: boolean | null | undefined,
    @Ctx() context: Context,
  ): Promise<StageConversion[]> {
    return loadStageConversion(context, origin, allPairs ?? false);
  }

  @FieldResolver(() => [StageDuration], { description: metricDescription(stageDefinitions.stageDuration) })
  stageDuration(@Root() { origin }: SalesMetrics, @Ctx() context: Context): Promise<StageDuration[]> {
    return loadStageDuration(context, origin);
  }

  @FieldResolver(() => ThreadingMetric, { description: metricDescription(stageDefinitions.threading) })
  threading(@Root() { origin }: SalesMetrics, @Ctx() context: Context): Promise<ThreadingMetric> {
    return loadThreading(context, origin);
  }
}
