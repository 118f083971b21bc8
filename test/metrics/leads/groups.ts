import fc from 'fast-check';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { World } from '../../support/world.ts';
import type { LeadGroup } from './api.ts';
import { type Lead, LeadOracle, localDate, type Population, type Rows } from './oracle.ts';
import { anyNow, anyWindow, instant, leadWorld, type LeadWorld } from './world.ts';

/** A world whose leads have a custom field to be grouped by. */
export async function worldWithColor(
  world: World,
  settings: { timeZone?: string; fiscalYearStartMonth?: number },
): Promise<LeadWorld> {
  const { fiscalYearStartMonth = 1, timeZone } = settings;
  const made = await leadWorld(world, { timeZone });
  const { id, tenant } = made.organization;
  await world.database.write(tenant, async (tx) => {
    await tx.query(sql`
      insert into custom_field (organization_id, id, record_type, key, label, type, position, created_at, updated_at)
      values (${id}, ${uuidv7()}, 'LEAD', 'color', 'Colour', 'TEXT', 1, now(), now())`);
  });
  return { ...made, organization: { ...made.organization, fiscalYearStartMonth } };
}

export const periods = ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'FISCAL_QUARTER', 'FISCAL_YEAR'];
export const others = ['SOURCE', 'STATUS', 'OWNER', 'QUEUE', 'CAMPAIGN', 'CUSTOM_FIELD'];

export const anyDimensions = fc
  .tuple(fc.option(fc.constantFrom(...periods)), fc.subarray(others, { maxLength: 3 }))
  .map(([period, plain]) => [...(period === null ? [] : [period]), ...plain].slice(0, 3))
  .filter((by) => by.length > 0);

/** The first day of the period a date lies in. */
function periodOf(date: string, period: string, fiscalYearStartMonth: number): string {
  const [year, month] = date.split('-').map(Number) as [number, number];
  const first = (y: number, m: number) => `${y}-${String(m).padStart(2, '0')}-01`;
  const monthsAgo = (count: number) =>
    month - count > 0 ? first(year, month - count) : first(year - 1, month - count + 12);
  switch (period) {
    case 'DAY':
      return date;
    case 'WEEK': {
      const day = new Date(date);
      day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
      return day.toISOString().slice(0, 10);
    }
    case 'MONTH':
      return first(year, month);
    case 'QUARTER':
      return monthsAgo((month - 1) % 3);
    case 'YEAR':
      return first(year, 1);
    case 'FISCAL_QUARTER':
      return monthsAgo(((month - fiscalYearStartMonth + 12) % 12) % 3);
    default:
      return monthsAgo((month - fiscalYearStartMonth + 12) % 12);
  }
}

const normal = (source: string) => source.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** What a lead of a population has of each dimension. */
export function keyOf(one: LeadWorld, by: string[], date: string, lead: Lead): (string | null)[] {
  const { fiscalYearStartMonth } = one.organization;
  const of: Record<string, string | null> = {
    SOURCE: lead.source === null ? null : normal(lead.source),
    STATUS: lead.status.name,
    OWNER: one.users.find(({ id }) => id === lead.ownerId)?.name ?? null,
    QUEUE: lead.queueId === null ? null : ['North', 'South'][one.queueIds.indexOf(lead.queueId)]!,
    CAMPAIGN: one.campaigns.find(({ id }) => id === lead.campaignId)?.name ?? null,
    CUSTOM_FIELD: lead.color,
  };
  return by.map((dimension) =>
    periods.includes(dimension) ? periodOf(date, dimension, fiscalYearStartMonth) : of[dimension]!,
  );
}

/** The key of a group of the API in the same words. */
export function keyIn({ key }: LeadGroup, by: string[], label = false): (string | null)[] {
  const of: Record<string, string | null> = {
    SOURCE: key.source === null || label ? key.source : normal(key.source),
    STATUS: key.status?.name ?? null,
    OWNER: key.owner?.name ?? null,
    QUEUE: key.queue?.name ?? null,
    // the campaign's name is in the label only
    CAMPAIGN: key.label?.split(' · ')[by.indexOf('CAMPAIGN')] ?? null,
    CUSTOM_FIELD: key.customValue,
  };
  if (of.CAMPAIGN === '–') of.CAMPAIGN = null;
  return by.map((dimension) => (periods.includes(dimension) ? key.period : of[dimension]!));
}

export const populations: Population[] = ['created', 'open', 'converted', 'handed'];

/** The keys of the groups of each population, as text. */
export function keysBy(one: LeadWorld, oracle: LeadOracle, by: string[], timeZone: string) {
  const keyText = (lead: Lead, population: Population) =>
    JSON.stringify(keyOf(one, by, localDate(oracle.instantOf(lead, population), timeZone), lead));
  const keys = new Set(
    populations.flatMap((population) =>
      oracle.population(population).map((lead) => keyText(lead, population)),
    ),
  );
  return { keyText, keys };
}

export function expectedGroups(one: LeadWorld, oracle: LeadOracle, by: string[], timeZone: string) {
  const { keyText, keys } = keysBy(one, oracle, by, timeZone);
  return new Map(
    [...keys].map((key) => [key, oracle.metrics((lead, population) => keyText(lead, population) === key)]),
  );
}

const settings = { firstResponseMinutes: 60, handoffHours: 48, leadActiveDays: 30, leadAgingDays: 90 };

export function oracleOf(one: LeadWorld, rows: Rows, { window, asOf, now }: Asked) {
  const timeZone = window.timeZone ?? one.organization.timeZone;
  const view = {
    ...one.organization,
    window: { ...window, timeZone },
    asOf,
    now,
    withinDays: null,
    settings,
  };
  return new LeadOracle(rows, view);
}

export interface Asked {
  window: { from: string | null; to: string | null; timeZone?: string };
  asOf: Date | null;
  now: Date;
}

export const anyAsked = fc.record({ window: anyWindow, asOf: fc.option(instant, { freq: 2 }), now: anyNow });

export const variables = (by: string[], { window, asOf }: Asked) => ({
  by,
  window,
  asOf,
  first: 500,
  customField: by.includes('CUSTOM_FIELD') ? 'color' : null,
});

/** Whatever can be added of the groups adds up to the whole; rates, medians and percentiles come from the rows. */
export function addUp(groups: unknown[], whole: unknown): void {
  const additive = new Set([
    ...['count', 'numerator', 'denominator', 'answered', 'overdue', 'waiting', 'negative', 'amountMissing'],
  ]);
  const visit = (parts: Record<string, unknown>[], all: Record<string, unknown>): void => {
    for (const [name, value] of Object.entries(all)) {
      const own = parts.map((part) => part[name]);
      if (additive.has(name))
        expect(own.reduce((sum, one) => (sum as number) + (one as number), 0)).toBe(value);
      else if (name === 'amount' && typeof value === 'string')
        expect(own.reduce((sum: bigint, one) => sum + cents(one as string), 0n)).toBe(cents(value));
      else if (value !== null && typeof value === 'object' && name !== 'unconverted')
        visit(own as Record<string, unknown>[], value as Record<string, unknown>);
    }
  };
  visit(groups as Record<string, unknown>[], whole as Record<string, unknown>);
}

const cents = (amount: string) => BigInt(amount.replace('.', ''));
