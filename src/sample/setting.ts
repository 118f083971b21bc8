import sql from 'sql-template-tag';
import type { Transaction } from '../database/database.ts';
import type { Organization } from '../identity/organization.service.ts';
import { Calendar } from './calendar.ts';
import type { Setting, Stage } from './draft.ts';
import { Random } from './random.ts';

export class SampleError extends Error {
  override name = 'SampleError';
}

/** The sample belongs into an empty organisation: among real records nobody could tell it apart. */
export async function refuseUnlessEmpty(tx: Transaction, organization: Organization): Promise<void> {
  const { organizationId } = tx.tenant;
  // Two processes that fill one organisation: the second waits here and then finds the first one's records.
  await tx.query(sql`select id from organization where id = ${organizationId} for update`);
  const [found] = await tx.query<{ type: string }>(sql`
    select 'accounts' as type where exists (select from account where organization_id = ${organizationId})
    union all select 'contacts' where exists (select from contact where organization_id = ${organizationId})
    union all select 'leads' where exists (select from lead where organization_id = ${organizationId})
    union all select 'opportunities' where exists (select from opportunity where organization_id = ${organizationId})
    union all select 'campaigns' where exists (select from campaign where organization_id = ${organizationId})
    union all select 'activities' where exists (select from activity where organization_id = ${organizationId})
    union all select 'sales targets' where exists (select from sales_target where organization_id = ${organizationId})
    union all select 'exchange rates' where exists (select from exchange_rate where organization_id = ${organizationId})
    union all select 'queues' where exists (select from queue where organization_id = ${organizationId})`);
  if (found) {
    throw new SampleError(
      `${organization.name} has ${found.type} already: sample data goes into an empty organisation only`,
    );
  }
}

export async function readSetting(
  tx: Transaction,
  organization: Organization,
  seed: number,
  now: Date,
): Promise<Setting> {
  const { organizationId } = tx.tenant;
  const stages = await tx.query<Stage>(sql`
    select id, position, probability, forecast_category as "forecastCategory", is_closed as "isClosed", is_won as "isWon"
    from stage where organization_id = ${organizationId} order by position, id`);
  const statuses = await tx.query<{ id: string; isConverted: boolean; isClosed: boolean }>(sql`
    select id, is_converted as "isConverted", is_closed as "isClosed"
    from lead_status where organization_id = ${organizationId} order by position, id`);

  const open = stages.filter((stage) => !stage.isClosed);
  const openStatuses = statuses.filter((status) => !status.isConverted && !status.isClosed);
  const needed = <T>(found: T | undefined, what: string): T => {
    if (found === undefined)
      throw new SampleError(`${organization.name} has no ${what}, which sample data needs`);
    return found;
  };
  needed(open[0], 'open stage');
  const fresh = needed(openStatuses[0], 'open lead status');
  return {
    organization,
    calendar: new Calendar(now, organization.timeZone),
    random: new Random(seed),
    stages: {
      open,
      won: needed(
        stages.find((stage) => stage.isWon),
        'stage for won deals',
      ),
      lost: needed(
        stages.find((stage) => stage.isClosed && !stage.isWon),
        'stage for lost deals',
      ),
    },
    statuses: {
      fresh: fresh.id,
      working: (openStatuses[1] ?? fresh).id,
      converted: needed(
        statuses.find((status) => status.isConverted),
        'lead status for converted leads',
      ).id,
      rejected: needed(
        statuses.find((status) => status.isClosed && !status.isConverted),
        'lead status for rejected leads',
      ).id,
    },
  };
}
