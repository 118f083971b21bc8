import DataLoader from 'dataloader';
import sql from 'sql-template-tag';
import type { Context } from '../graphql/context.ts';
import { encodeId } from '../graphql/ids.ts';
import type { Stage } from './stage.type.ts';

/** All stages of the organisation in order: a dozen rows, read once per operation. */
export function loadStages(context: Context): Promise<Stage[]> {
  return context
    .loader<'all', Stage[]>(
      'stages',
      () =>
        new DataLoader(async (keys) => {
          const stages = await context.snapshot.query<Omit<Stage, 'id'>>(sql`
          select s.id as uuid, s.name, s.position, s.probability, s.forecast_category as "forecastCategory",
            s.is_closed as "isClosed", s.is_won as "isWon"
          from stage s where s.organization_id = ${context.organization.id} order by s.position, s.id`);
          const nodes = stages.map((stage) => ({ ...stage, id: encodeId('Stage', stage.uuid) }));
          return keys.map(() => nodes);
        }),
    )
    .load('all');
}

export async function loadStage(context: Context, uuid: string): Promise<Stage> {
  return (await loadStages(context)).find((stage) => stage.uuid === uuid)!;
}
