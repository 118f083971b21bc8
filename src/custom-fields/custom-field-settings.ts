import sql, { raw } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { mappingsBrokenBy } from '../conversion/field-mapping-rules.ts';
import type { Transaction } from '../database/database.ts';
import { once } from '../database/idempotency.ts';
import { record } from '../database/journal.ts';
import { textKey } from '../database/text-key.ts';
import { applyChanges, changeTime } from '../database/versioned-update.ts';
import { refuse, required, shortText } from '../graphql/input-rules.ts';
import { Judged } from '../graphql/judged.ts';
import { invalidInput, Refusal } from '../graphql/user-error.ts';
import { lockedOrganization } from '../identity/organization-settings.ts';
import type { Principal } from '../identity/principal.ts';
import { requireRight } from '../identity/rights.ts';
import { CustomFieldEntity } from './custom-field.entity.ts';
import { CustomFieldType, type CustomRecordType } from './custom-field.enums.ts';
import type { CustomFieldInput, UpdateCustomFieldsInput } from './custom-field.inputs.ts';
import { CUSTOM_KEY, MAX_FIELDS } from './custom-values.ts';

const MAX_OPTIONS = 100;

type Columns = Pick<CustomFieldEntity, 'key' | 'label' | 'type' | 'options' | 'description' | 'position'>;

interface Placed {
  row: CustomFieldEntity | undefined;
  columns: Columns;
}

const TABLES = { LEAD: 'lead', ACCOUNT: 'account', CONTACT: 'contact', OPPORTUNITY: 'opportunity' } as const;

function keyOf(given: string, taken: Set<string>): string {
  if (!CUSTOM_KEY.test(given))
    throw refuse(['key'], 'must be a lower-case letter, then letters, digits and _, at most 40');
  if (taken.has(given)) throw invalidInput('key', `key is that of another entry, too: ${given}`);
  taken.add(given);
  return given;
}

function optionsOf(given: CustomFieldInput, row: CustomFieldEntity | undefined): string[] {
  if (given.type !== CustomFieldType.PICKLIST) {
    if (given.options && given.options.length > 0) throw refuse(['options'], 'are for a PICKLIST only');
    return [];
  }
  const options = given.options ?? row?.options ?? [];
  if (options.length === 0 || options.length > MAX_OPTIONS)
    throw refuse(['options'], `of a PICKLIST must be 1 to ${MAX_OPTIONS}`);
  const texts = options.map((option, index) => required(shortText)(option, ['options', String(index)]));
  const keys = texts.map(textKey);
  const again = keys.findIndex((key, index) => keys.indexOf(key) < index);
  if (again >= 0) throw invalidInput(['options', String(again)], `${texts[again]} is there already`);
  return texts;
}

/** The new list as columns; all that is wrong with any entry is refused together. */
function placeFields(rows: CustomFieldEntity[], given: CustomFieldInput[]): Placed[] {
  if (given.length > MAX_FIELDS)
    throw invalidInput('fields', `fields can have at most ${MAX_FIELDS} entries`);
  const taken = new Set<string>();
  const known = new Map(rows.map((row) => [row.key, row]));
  const entries = given.map((field, index) => {
    const judged = new Judged(['fields', String(index)]);
    const row = known.get(field.key);
    const columns = {
      key: judged.by(() => keyOf(field.key, taken)) ?? '',
      label: judged.by(() => required(shortText)(field.label, ['label'])) ?? '',
      type: field.type,
      options: judged.by(() => optionsOf(field, row)) ?? [],
      description:
        judged.by(() =>
          field.description === undefined
            ? (row?.description ?? null)
            : shortText(field.description, ['description']),
        ) ?? null,
      position: index + 1,
    };
    return { row, columns, judged };
  });
  const errors = entries.flatMap(({ judged }) => judged.errors);
  if (errors.length > 0) throw new Refusal(errors);
  return entries;
}

/** What a list takes away: a field (no option), or an option of one. `index`: of the entry that goes on without it. */
interface Loss {
  key: string;
  option: string | null;
  index: number | null;
}

function losses(rows: CustomFieldEntity[], placed: Placed[]): Loss[] {
  return rows.flatMap(({ key, type, options }): Loss[] => {
    const index = placed.findIndex(({ row }) => row?.key === key);
    if (index < 0) return [{ key, option: null, index: null }];
    const { columns } = placed[index]!;
    if (columns.type !== type) return [{ key, option: null, index }];
    return options
      .filter((option) => !columns.options.includes(option))
      .map((option) => ({ key, option, index }));
  });
}

/** Refuses to lose what records that are not deleted have; nobody writes values meanwhile, as the fields are locked. */
async function requireUnused(tx: Transaction, recordType: CustomRecordType, lost: Loss[]): Promise<void> {
  if (lost.length === 0) return;
  const { organizationId } = tx.tenant;
  const used = await tx.query<{ place: number }>(sql`
    select lost.place::int as place
    from unnest(${lost.map(({ key }) => key)}::text[], ${lost.map(({ option }) => option)}::text[])
      with ordinality as lost (key, option, place)
    where exists (
      select from ${raw(TABLES[recordType])} r
      where r.organization_id = ${organizationId} and r.deleted_at is null and case when lost.option is null
        then r.custom_fields -> lost.key is not null else r.custom_fields ->> lost.key = lost.option end)
    order by lost.place`);
  if (used.length === 0) return;
  throw new Refusal(
    used.map(({ place }) => {
      const { key, option, index } = lost[place - 1]!;
      const [field, what] =
        option === null ? ['type', 'its type stays as it is'] : ['options', `${option} stays`];
      return index === null
        ? invalidInput('fields', `${key}: records have values of it, so it is not to be left out`).errors[0]!
        : invalidInput(['fields', String(index), field], `${key}: records have values of it, so ${what}`)
            .errors[0]!;
    }),
  );
}

const told = ({ key, label, type, options, description }: Omit<Columns, 'position'>) => ({
  ...{ key, label, type },
  ...(options.length > 0 && { options }),
  ...(description && { description }),
});

/** Replaces the custom fields of a type of record by a whole new list. Returns the organisation's UUID. */
export function updateCustomFields(
  tx: Transaction,
  principal: Principal,
  input: UpdateCustomFieldsInput,
): Promise<string> {
  requireRight(principal, 'settings:write');
  return once(tx, principal, 'updateCustomFields', input.idempotencyKey, input, async () => {
    const { recordType } = input;
    const organization = await lockedOrganization(tx, input.ifVersion);
    const organizationId = organization.id;
    // Who is about to write values waits, and whose values are written already has ended: see heldCustomFields.
    await tx.query(sql`
      select id from custom_field
      where organization_id = ${organizationId} and record_type = ${recordType} order by id for update`);
    const orderBy = { position: 'asc', id: 'asc' } as const;
    const rows = await tx.em.find(CustomFieldEntity, { organizationId, recordType }, { orderBy });
    const placed = placeFields(rows, input.fields);
    await requireUnused(tx, recordType, losses(rows, placed));
    const columns = placed.map((one) => one.columns);
    const broken = await mappingsBrokenBy(tx, organization.fieldMappings ?? null, {
      recordType,
      fields: columns,
    });
    if (broken.length > 0)
      throw new Refusal(
        broken.map(
          (problem) => invalidInput('fields', `${problem}: change the field mapping first`).errors[0]!,
        ),
      );

    const before = rows.map(told);
    const kept = new Set(placed.map(({ row }) => row?.id));
    const removed = rows.filter(({ id }) => !kept.has(id));
    for (const row of removed) tx.em.remove(row);
    const at = changeTime(organization);
    let changed = removed.length > 0;
    for (const { row, columns: given } of placed) {
      if (row) changed = applyChanges(row, sameOptions(row, given)) !== null || changed;
      else {
        const key = { organizationId, id: uuidv7(), recordType };
        tx.em.create(CustomFieldEntity, { ...key, ...given, createdAt: at, updatedAt: at });
        changed = true;
      }
    }
    if (!changed) return organizationId;
    organization.updatedAt = at;
    record(tx, principal, {
      recordType: 'Organization',
      recordId: organizationId,
      action: 'updateCustomFields',
      before: { recordType, fields: before },
      after: { recordType, fields: columns.map(told) },
      at,
    });
    return organizationId;
  });
}

/** Equal lists are one list, so that they are no change. */
function sameOptions(row: CustomFieldEntity, columns: Columns): Columns {
  const isSame = JSON.stringify(row.options) === JSON.stringify(columns.options);
  return isSame ? { ...columns, options: row.options } : columns;
}
