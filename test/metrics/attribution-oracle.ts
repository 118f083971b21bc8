/** Campaign influence over plain rows, written from the catalogue (metrics.md) alone: exact fractions. */
import { Decimal } from 'decimal.js';
import { type HistoricDeal, type Rate, WON } from './history.ts';
import { dateOf, isInPipeline, known, type Role, type View, worth } from './history-oracle.ts';

const Exact = Decimal.clone({ precision: 100 });

export interface Membership {
  campaignId: string;
  contactId: string | null;
  leadId: string | null;
  at: Date;
}

export interface Conversion {
  leadId: string;
  contactId: string;
  at: Date;
  isReverted: boolean;
}

export interface Touched {
  deals: HistoricDeal[];
  rates: Rate[];
  roles: Role[];
  memberships: Membership[];
  conversions: Conversion[];
  deletedContacts: Set<string>;
}

interface Touch {
  campaignId: string;
  contactId: string;
  at: Date;
}

const DAY = 24 * 60 * 60 * 1000;
const daysBetween = (a: string, b: string) => (Date.parse(b) - Date.parse(a)) / DAY;
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export const MODELS = ['FIRST', 'LAST', 'LINEAR', 'U_SHAPED', 'W_SHAPED', 'TIME_DECAY'] as const;
export type Model = (typeof MODELS)[number];

/** The touches of a deal in their order, and when a lead first became one of its people. */
function touchesOf(
  deal: HistoricDeal,
  isClosed: boolean,
  closeDate: string,
  world: Touched,
  moment: Date,
  timeZone: string,
) {
  const people = new Set(
    world.roles
      .filter(
        ({ dealId, at, contactId }) =>
          dealId === deal.id && at <= moment && !world.deletedContacts.has(contactId),
      )
      .map(({ contactId }) => contactId),
  );
  const conversions = world.conversions.filter(
    ({ contactId, at, isReverted }) => people.has(contactId) && at <= moment && !isReverted,
  );
  const all = world.memberships.flatMap(({ campaignId, contactId, leadId, at }): Touch[] => {
    const persons = new Set([
      ...(contactId !== null && people.has(contactId) ? [contactId] : []),
      ...conversions.filter((one) => one.leadId === leadId).map((one) => one.contactId),
    ]);
    return [...persons].map((person) => ({ campaignId, contactId: person, at }));
  });
  const first = new Map<string, Touch>();
  for (const touch of all) {
    if (touch.at > moment || (isClosed && dateOf(touch.at, timeZone) > closeDate)) continue;
    const key = `${touch.campaignId} ${touch.contactId}`;
    if (!first.has(key) || touch.at < first.get(key)!.at) first.set(key, touch);
  }
  const touches = [...first.values()].sort(
    (a, b) =>
      a.at.getTime() - b.at.getTime() || order(a.campaignId, b.campaignId) || order(a.contactId, b.contactId),
  );
  const convertedAt = conversions.map(({ at }) => at).sort((a, b) => a.getTime() - b.getTime())[0];
  return { touches, convertedAt };
}

/** What part of the whole each touch gets. */
function parts(
  model: Model,
  touches: Touch[],
  createdAt: Date,
  convertedAt: Date | undefined,
  timeZone: string,
): Decimal[] {
  const n = touches.length;
  const one = new Exact(1);
  const last = n - 1;
  const lastBy = (moment: Date | undefined) =>
    touches.findLastIndex(({ at }) => moment !== undefined && at <= moment);
  const milestoned = (milestones: number[], others: number) => {
    const held = milestones.filter((place) => place >= 0);
    const free = touches.filter((_touch, place) => !held.includes(place)).length;
    const rest = new Exact(free === 0 ? 0 : others).div(100);
    return touches.map((_touch, place) => {
      const holds = held.filter((milestone) => milestone === place).length;
      return holds === 0 ? rest.div(free) : one.minus(rest).mul(holds).div(held.length);
    });
  };
  switch (model) {
    case 'FIRST':
      return touches.map((_touch, place) => new Exact(place === 0 ? 1 : 0));
    case 'LAST':
      return touches.map((_touch, place) => new Exact(place === last ? 1 : 0));
    case 'LINEAR':
      return touches.map(() => one.div(n));
    case 'U_SHAPED':
      return milestoned([0, last], 20);
    case 'W_SHAPED':
      return milestoned([0, lastBy(convertedAt), lastBy(createdAt)], 10);
    case 'TIME_DECAY': {
      const end = dateOf(touches[last]!.at, timeZone);
      const weights = touches.map(({ at }) =>
        new Exact(2).pow(new Exact(-daysBetween(dateOf(at, timeZone), end)).div(7)),
      );
      const whole = weights.reduce((a, b) => a.plus(b));
      return weights.map((weight) => weight.div(whole));
    }
  }
}

/** Whole minor units by those parts: what is left goes to the largest remainders, then to the earlier ones. */
export function split(amount: bigint, of: Decimal[]): bigint[] {
  // a third of 3 is 1, though not in 100 digits
  const exact = of.map((part) => part.mul(amount.toString()).toDecimalPlaces(50));
  const floors = exact.map((share) => BigInt(share.floor().toFixed(0)));
  let left = amount - floors.reduce((a, b) => a + b, 0n);
  const turns = exact
    .map((share, place) => ({ place, remainder: share.minus(share.floor()) }))
    .sort((a, b) => b.remainder.cmp(a.remainder) || a.place - b.place);
  for (const { place } of turns) if (left-- > 0n) floors[place]!++;
  return floors;
}

export interface Influence {
  touches: number;
  ids: Set<string>;
  amountMissing: Set<string>;
  won: Map<string, bigint>;
  pipeline: Map<string, bigint>;
}

/** By campaign; '' for what none touched. */
export function influence(
  world: Touched,
  model: Model,
  { window, timeZone, asOf }: View,
  now: Date,
): Map<string, Influence> {
  const moment = asOf ?? now;
  const result = new Map<string, Influence>();
  const of = (campaignId: string) => {
    if (!result.has(campaignId))
      result.set(campaignId, {
        touches: 0,
        ids: new Set(),
        amountMissing: new Set(),
        won: new Map(),
        pipeline: new Map(),
      });
    return result.get(campaignId)!;
  };
  for (const deal of world.deals) {
    const state = known(deal, asOf).at(-1);
    if (deal.isDeleted || !state) continue;
    const isWon =
      state.stage === WON &&
      (window.from === null || state.closeDate >= window.from) &&
      (window.to === null || state.closeDate < window.to);
    if (!isWon && !isInPipeline(state)) continue;
    const { touches, convertedAt } = touchesOf(deal, isWon, state.closeDate, world, moment, timeZone);
    const [currency, value] = worth(state, world.rates);
    const campaigns = touches.length === 0 ? [''] : touches.map(({ campaignId }) => campaignId);
    const shares =
      touches.length === 0
        ? [value]
        : split(value, parts(model, touches, deal.createdAt, convertedAt, timeZone));
    campaigns.forEach((campaignId, place) => {
      const row = of(campaignId);
      if (campaignId !== '') row.touches++;
      row.ids.add(deal.id);
      if (state.amount === null) row.amountMissing.add(deal.id);
      const sums = isWon ? row.won : row.pipeline;
      sums.set(currency, (sums.get(currency) ?? 0n) + shares[place]!);
    });
  }
  return result;
}
