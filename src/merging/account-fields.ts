import sql from 'sql-template-tag';
import type { AccountEntity } from '../accounts/account.entity.ts';
import type { Transaction } from '../database/database.ts';
import { encodeId } from '../graphql/ids.ts';
import { fromMinor } from '../graphql/money.ts';
import { column, type MergeField, ownFields, whole, wish } from './merge-fields.ts';

const ADDRESS = ['street', 'city', 'state', 'postalCode', 'country'] as const;

const money = ({ annualRevenue, annualRevenueCurrency }: AccountEntity): string | null =>
  annualRevenue == null || annualRevenueCurrency == null
    ? null
    : `${fromMinor(annualRevenue, annualRevenueCurrency)} ${annualRevenueCurrency}`;

/** What accounts are merged in; the survivor keeps its external id, and those of the duplicates lead to it. */
export function accountMergeFields(
  rows: readonly AccountEntity[],
  parents: ReadonlyMap<string, string>,
): MergeField<AccountEntity>[] {
  const parentOf = ({ id }: AccountEntity) => parents.get(id) ?? null;
  return [
    column('name'),
    column('domain'),
    column('website'),
    column('industry'),
    column('employees'),
    whole('annualRevenue', ['annualRevenue', 'annualRevenueCurrency'], money),
    column('phone'),
    whole('address', [...ADDRESS]),
    column('rating'),
    whole('type', ['type', 'typeLabel'], ({ type }) => type ?? null),
    column('description'),
    column('tier'),
    wish('isTarget'),
    whole('owner', ['ownerId'], ({ ownerId }) => (ownerId ? encodeId('User', ownerId) : null)),
    {
      field: 'parent',
      show: (row) => {
        const parent = parentOf(row);
        return parent && encodeId('Account', parent);
      },
      take: (row) => ({ parentId: parentOf(row) }),
    },
    ...ownFields(rows),
  ];
}

/** The parent each account could give the survivor: not one of them, nor one that belongs to any of them. */
export async function possibleParents(
  tx: Transaction,
  rows: readonly AccountEntity[],
): Promise<Map<string, string>> {
  const given = rows.flatMap(({ id, parentId }) => (parentId ? [{ id, parentId }] : []));
  if (given.length === 0) return new Map();
  const { organizationId } = tx.tenant;
  const below = await tx.query<{ start: string }>(sql`
    with recursive ancestor as (
      select id as start, id, parent_id from account
      where organization_id = ${organizationId} and id = any(${given.map(({ parentId }) => parentId)}::uuid[])
      union
      select ancestor.start, a.id, a.parent_id from account a
      join ancestor on a.id = ancestor.parent_id where a.organization_id = ${organizationId}
    )
    select distinct start from ancestor where id = any(${rows.map(({ id }) => id)}::uuid[])`);
  const impossible = new Set(below.map(({ start }) => start));
  return new Map(
    given.filter(({ parentId }) => !impossible.has(parentId)).map(({ id, parentId }) => [id, parentId]),
  );
}
