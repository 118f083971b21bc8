import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../../database/database.ts';
import { once } from '../../database/idempotency.ts';
import { applyChanges, changeTime } from '../../database/versioned-update.ts';
import { decodeIdOrRefuse } from '../../graphql/ids.ts';
import { businessDate, refuse } from '../../graphql/input-rules.ts';
import { fromMinor } from '../../graphql/money.ts';
import { type MoneyInput, minorMoney } from '../../graphql/money.type.ts';
import { invalidInput, notFound } from '../../graphql/user-error.ts';
import { UserEntity } from '../../identity/identity.entity.ts';
import { lockedOrganization } from '../../identity/organization-settings.ts';
import type { Principal } from '../../identity/principal.ts';
import { requireRight } from '../../identity/rights.ts';
import { judgedRows, recordRows, rowsToRemove } from '../settings/setting-rows.ts';
import { SalesTargetEntity } from './sales-target.entity.ts';
import type {
  RemoveSalesTargetsInput,
  SalesTargetInput,
  SetSalesTargetsInput,
} from './sales-target.inputs.ts';

interface Period {
  ownerId: string | null;
  startsOn: string;
  endsOn: string;
}
type Columns = Period & { amount: bigint };

const isSame = (a: Period, b: Period) =>
  a.ownerId === b.ownerId && a.startsOn === b.startsOn && a.endsOn === b.endsOn;
const overlap = (a: Period, b: Period) =>
  a.ownerId === b.ownerId && a.startsOn < b.endsOn && b.startsOn < a.endsOn;

function amountOf(given: MoneyInput, home: string): bigint {
  const { amount, currency } = minorMoney(given, home, ['amount']);
  if (currency !== home)
    throw refuse(['amount', 'currency'], `must be ${home}, the organisation's currency, not ${currency}`);
  if (amount < 0n) throw refuse(['amount', 'amount'], 'must be at least 0');
  return amount;
}

function endOf({ from, to }: SalesTargetInput): string {
  if (to <= from) throw refuse(['to'], `must lie after from (${from}), got ${to}`);
  return businessDate(to, ['to'])!;
}

async function knownUsers(tx: Transaction, ids: (string | null)[]): Promise<Set<string>> {
  const { organizationId } = tx.tenant;
  const named = [...new Set(ids.filter((id) => id !== null))];
  if (named.length === 0) return new Set();
  return new Set((await tx.em.find(UserEntity, { organizationId, id: named })).map(({ id }) => id));
}

/** The targets as columns: each is judged by itself. */
async function readTargets(tx: Transaction, given: SalesTargetInput[], home: string): Promise<Columns[]> {
  const columns = judgedRows('targets', given, (target, judged): Columns => ({
    ownerId:
      judged.by(() => (target.owner ? decodeIdOrRefuse('User', target.owner, ['owner']) : null)) ?? null,
    startsOn: judged.by(() => businessDate(target.from, ['from'])) ?? target.from,
    endsOn: judged.by(() => endOf(target)) ?? target.to,
    amount: judged.by(() => amountOf(target.amount, home)) ?? 0n,
  }));
  const users = await knownUsers(
    tx,
    columns.map(({ ownerId }) => ownerId),
  );
  judgedRows('targets', columns, ({ ownerId }, judged) =>
    judged.by(() => {
      if (ownerId !== null && !users.has(ownerId)) throw notFound(['owner'], 'There is no such user');
    }),
  );
  return columns;
}

/** The targets there are that overlap any of the given. */
async function overlapping(tx: Transaction, given: Columns[]): Promise<SalesTargetEntity[]> {
  const { organizationId } = tx.tenant;
  const found = await tx.query<{ id: string }>(sql`
    select distinct s.id from sales_target s
    join unnest(${given.map(({ ownerId }) => ownerId)}::uuid[], ${given.map(({ startsOn }) => startsOn)}::date[],
      ${given.map(({ endsOn }) => endsOn)}::date[]) as given (owner_id, starts_on, ends_on)
      on s.owner_id is not distinct from given.owner_id
        and s.starts_on < given.ends_on and given.starts_on < s.ends_on
    where s.organization_id = ${organizationId}`);
  if (found.length === 0) return [];
  return tx.em.find(SalesTargetEntity, { organizationId, id: found.map(({ id }) => id) }, { refresh: true });
}

/** What overlaps would count twice where a window holds both; a target of the very same period is replaced instead. */
function requireApart(columns: Columns[], known: SalesTargetEntity[]): void {
  const named = ({ startsOn, endsOn }: Period) => `${startsOn} to ${endsOn}`;
  const places = Map.groupBy(columns.keys(), (place) => columns[place]!.ownerId);
  judgedRows('targets', columns, (target, judged, index) =>
    judged.by(() => {
      const other = places
        .get(target.ownerId)!
        .find((place) => place < index && overlap(columns[place]!, target));
      if (other !== undefined)
        throw invalidInput(
          ['from'],
          `The period overlaps that of targets.${other}: ${named(columns[other]!)}`,
        );
      const there = known.find((one) => overlap(asPeriod(one), target) && !isSame(asPeriod(one), target));
      if (there)
        throw invalidInput(
          ['from'],
          `The period overlaps that of the owner's target from ${named(asPeriod(there))}, which would count twice: remove that one first`,
        );
    }),
  );
}

const asPeriod = ({ ownerId = null, startsOn, endsOn }: SalesTargetEntity): Period => ({
  ownerId,
  startsOn,
  endsOn,
});

const told = (target: Columns, home: string) => ({
  ...{ ownerId: target.ownerId, from: target.startsOn, to: target.endsOn },
  amount: `${fromMinor(target.amount, home)} ${home}`,
});

const toldEntity = (row: SalesTargetEntity, home: string) =>
  told({ ...asPeriod(row), amount: row.amount }, home);

/** Sets targets by owner and period. Returns their UUIDs in the order of the input. */
export function setSalesTargets(
  tx: Transaction,
  principal: Principal,
  input: SetSalesTargetsInput,
): Promise<string[]> {
  requireRight(principal, 'settings:write');
  return once(tx, principal, 'setSalesTargets', input.idempotencyKey, input, async () => {
    // its lock keeps others from adding targets beside these
    const organization = await lockedOrganization(tx, input.ifVersion);
    const { id: organizationId, currency } = organization;
    const columns = await readTargets(tx, input.targets, currency);
    const known = await overlapping(tx, columns);
    requireApart(columns, known);
    const at = changeTime(organization);
    const before: object[] = [];
    const after: object[] = [];
    const ids = columns.map((target) => {
      const row = known.find((one) => isSame(asPeriod(one), target));
      const former = row && toldEntity(row, currency);
      if (row && !applyChanges(row, { amount: target.amount })) return row.id;
      if (former) before.push(former);
      after.push(told(target, currency));
      if (row) return row.id;
      const id = uuidv7();
      tx.em.create(SalesTargetEntity, { organizationId, id, ...target, createdAt: at, updatedAt: at });
      return id;
    });
    if (after.length > 0) {
      const change = { before: { targets: before }, after: { targets: after }, at };
      recordRows(tx, principal, organization, { action: 'setSalesTargets', ...change });
    }
    return ids;
  });
}

/** Removes targets. Returns the organisation's UUID. */
export function removeSalesTargets(
  tx: Transaction,
  principal: Principal,
  input: RemoveSalesTargetsInput,
): Promise<string> {
  requireRight(principal, 'settings:write');
  return once(tx, principal, 'removeSalesTargets', input.idempotencyKey, input, async () => {
    const organization = await lockedOrganization(tx, input.ifVersion);
    const { id: organizationId, currency } = organization;
    const rows = await rowsToRemove('SalesTarget', 'targets', input.targets, (id, options) =>
      tx.em.find(SalesTargetEntity, { organizationId, id }, options),
    );
    const before = rows.map((row) => toldEntity(row, currency));
    for (const row of rows) tx.em.remove(row);
    const at = changeTime(organization);
    const change = { before: { targets: before }, after: { targets: [] }, at };
    recordRows(tx, principal, organization, { action: 'removeSalesTargets', ...change });
    return organizationId;
  });
}
