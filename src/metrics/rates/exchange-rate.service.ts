import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../../database/database.ts';
import { once } from '../../database/idempotency.ts';
import { applyChanges, changeTime } from '../../database/versioned-update.ts';
import { businessDate, refuse } from '../../graphql/input-rules.ts';
import { isCurrency } from '../../graphql/money.ts';
import { invalidInput } from '../../graphql/user-error.ts';
import { lockedOrganization } from '../../identity/organization-settings.ts';
import type { Principal } from '../../identity/principal.ts';
import { requireRight } from '../../identity/rights.ts';
import { judgedRows, recordRows, rowsToRemove } from '../settings/setting-rows.ts';
import { ExchangeRateEntity } from './exchange-rate.entity.ts';
import type {
  ExchangeRateInput,
  RemoveExchangeRatesInput,
  SetExchangeRatesInput,
} from './exchange-rate.inputs.ts';
import { MAX_DECIMALS, MAX_RATE, minorRate, normalRate } from './minor-rate.ts';

type Columns = Pick<ExchangeRateEntity, 'currency' | 'validFrom' | 'rate' | 'minorRate'>;

function currencyOf(given: string, home: string): string {
  if (!isCurrency(given))
    throw refuse(['currency'], `is not an ISO 4217 currency code (EUR, USD, …): ${given}`);
  if (given === home) throw refuse(['currency'], `is the organisation's own, of which one unit is one unit`);
  return given;
}

function rateOf(given: string): string {
  const rate = normalRate(given);
  if (rate === null)
    throw refuse(
      ['rate'],
      `must be more than 0 and less than ${MAX_RATE} with at most ${MAX_DECIMALS} decimals, got ${given}`,
    );
  return rate;
}

const keyOf = ({ currency, validFrom }: Pick<Columns, 'currency' | 'validFrom'>) =>
  `${currency} ${validFrom}`;

/** The rates as columns: each is judged by itself, and no two are of one currency and day. */
function readRates(given: ExchangeRateInput[], home: string): Columns[] {
  const places = new Map<string, number>();
  return judgedRows('rates', given, (one, judged, index): Columns => {
    const currency = judged.by(() => currencyOf(one.currency, home));
    const validFrom = judged.by(() => businessDate(one.validFrom, ['validFrom']));
    const rate = judged.by(() => rateOf(one.rate));
    if (!currency || !validFrom || !rate) return { ...one, minorRate: one.rate };
    const columns = { currency, validFrom, rate, minorRate: minorRate(rate, currency, home) };
    judged.by(() => {
      const place = places.get(keyOf(columns));
      if (place !== undefined)
        throw invalidInput(['validFrom'], `rates.${place} is of the same currency and day`);
    });
    places.set(keyOf(columns), index);
    return columns;
  });
}

async function ratesThere(tx: Transaction, columns: Columns[]): Promise<Map<string, ExchangeRateEntity>> {
  const { organizationId } = tx.tenant;
  const found = await tx.query<{ id: string }>(sql`
    select r.id from exchange_rate r
    join unnest(${columns.map(({ currency }) => currency)}::text[], ${columns.map(({ validFrom }) => validFrom)}::date[])
      as given (currency, valid_from) on r.currency = given.currency and r.valid_from = given.valid_from
    where r.organization_id = ${organizationId}`);
  const id = found.map((row) => row.id);
  const rows = id.length > 0 ? await tx.em.find(ExchangeRateEntity, { organizationId, id }) : [];
  return new Map(rows.map((row) => [keyOf(row), row]));
}

const told = ({ currency, validFrom, rate }: Pick<Columns, 'currency' | 'validFrom' | 'rate'>) => ({
  currency,
  validFrom,
  rate,
});

/** Sets rates by currency and day. Returns their UUIDs in the order of the input. */
export function setExchangeRates(
  tx: Transaction,
  principal: Principal,
  input: SetExchangeRatesInput,
): Promise<string[]> {
  requireRight(principal, 'settings:write');
  return once(tx, principal, 'setExchangeRates', input.idempotencyKey, input, async () => {
    // its lock keeps others from adding rates of the same days
    const organization = await lockedOrganization(tx, input.ifVersion);
    const { id: organizationId } = organization;
    const columns = readRates(input.rates, organization.currency);
    const known = await ratesThere(tx, columns);
    const at = changeTime(organization);
    const before: object[] = [];
    const after: object[] = [];
    const ids = columns.map((one) => {
      const row = known.get(keyOf(one));
      const former = row && told(row);
      if (row && !applyChanges(row, { rate: one.rate, minorRate: one.minorRate })) return row.id;
      if (former) before.push(former);
      after.push(told(one));
      if (row) return row.id;
      const id = uuidv7();
      tx.em.create(ExchangeRateEntity, { organizationId, id, ...one, createdAt: at, updatedAt: at });
      return id;
    });
    if (after.length > 0) {
      const change = { before: { rates: before }, after: { rates: after }, at };
      recordRows(tx, principal, organization, { action: 'setExchangeRates', ...change });
    }
    return ids;
  });
}

/** Removes rates: what was converted by them goes by the rate before, or is not converted. Returns the organisation's UUID. */
export function removeExchangeRates(
  tx: Transaction,
  principal: Principal,
  input: RemoveExchangeRatesInput,
): Promise<string> {
  requireRight(principal, 'settings:write');
  return once(tx, principal, 'removeExchangeRates', input.idempotencyKey, input, async () => {
    const organization = await lockedOrganization(tx, input.ifVersion);
    const { id: organizationId } = organization;
    const rows = await rowsToRemove('ExchangeRate', 'rates', input.rates, (id, options) =>
      tx.em.find(ExchangeRateEntity, { organizationId, id }, options),
    );
    const before = rows.map(told);
    for (const row of rows) tx.em.remove(row);
    const at = changeTime(organization);
    const change = { before: { rates: before }, after: { rates: [] }, at };
    recordRows(tx, principal, organization, { action: 'removeExchangeRates', ...change });
    return organizationId;
  });
}
