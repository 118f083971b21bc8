import DataLoader from 'dataloader';
import sql, { raw, type Sql } from 'sql-template-tag';
import type { Context } from '../graphql/context.ts';
import { dateIn } from '../identity/fiscal-calendar.ts';
import type { Organization } from '../identity/organization.service.ts';
import { type MetricSettings, metricSettingsOf } from './metric-settings.ts';
import { type MetricWindow, metricWindow, refuseComparison, type WindowRequest } from './metric-window.ts';

/** Whose records, in which window, seen from when: everything a metric's value depends on beside the rows themselves. */
export interface MetricView {
  organization: Pick<Organization, 'id' | 'currency' | 'timeZone'>;
  window: MetricWindow;
  /** The moment the world is seen as known at; null: now, from the current tables. */
  asOf: Date | null;
  /** That moment, whichever it is. */
  moment: Date;
  /** Its date in the window's time zone: what is due before it is late. */
  today: string;
}

export interface ViewRequest {
  window?: WindowRequest | null;
  /** RFC 3339. A moment that has not come yet is now. */
  asOf?: string | null;
}

export function metricView(
  { organization, now }: Pick<Context, 'organization' | 'now'>,
  { window: request, asOf: asked }: ViewRequest,
): MetricView {
  const given = asked == null ? null : new Date(asked);
  const asOf = given && given < now ? given : null;
  const moment = asOf ?? now;
  const window = metricWindow(request, organization, moment);
  return { organization, window, asOf, moment, today: dateIn(window.timeZone, moment) };
}

/** The same for what is not compared with another window. */
export function plainView(context: Pick<Context, 'organization' | 'now'>, request: ViewRequest): MetricView {
  refuseComparison(request.window, 'window');
  return metricView(context, request);
}

/** The conversion (an alias of `lead_conversion`) stood at the view's moment: it had come about, and was not undone by then. */
export function standsAt({ asOf }: MetricView, alias: string): Sql {
  const [converted, reverted] = [raw(`${alias}.converted_at`), raw(`${alias}.reverted_at`)];
  const moment = sql`${asOf}::timestamptz`;
  return asOf
    ? sql`(${converted} <= ${moment} and (${reverted} is null or ${reverted} > ${moment}))`
    : sql`${reverted} is null`;
}

/** The organisation's limits and weights, read once per operation. */
export function loadMetricSettings(context: Context): Promise<MetricSettings> {
  return context
    .loader(
      'metric settings',
      () =>
        new DataLoader<string, MetricSettings>((ids) =>
          Promise.all(ids.map((id) => metricSettingsOf(context.snapshot, id))),
        ),
    )
    .load(context.organization.id);
}
