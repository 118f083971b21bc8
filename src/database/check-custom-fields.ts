import sql, { raw } from 'sql-template-tag';
import type { Invariant } from './check-invariants.ts';

const RECORDS = [
  ['Lead', 'lead'],
  ['Account', 'account'],
  ['Contact', 'contact'],
  ['Opportunity', 'opportunity'],
] as const;

/** Does a value (`v`) have the form that its definition (`f`) stores? */
const HAS_FORM = raw(`case f.type
          when 'BOOLEAN' then jsonb_typeof(v.value) = 'boolean'
          when 'NUMBER' then jsonb_typeof(v.value) = 'string' and v.value #>> '{}' ~ '^-?\\d{1,30}(\\.\\d{1,20})?$'
          when 'DATE' then jsonb_typeof(v.value) = 'string' and v.value #>> '{}' ~ '^\\d{4}-\\d\\d-\\d\\d$'
          else jsonb_typeof(v.value) = 'string' and v.value <> '""' end`);

const values = RECORDS.flatMap(([recordType, table]): Invariant[] => [
  {
    name: `${table}-custom-values`,
    sentence: `Every custom value of a record of ${table} belongs to a custom field and is of its type.`,
    severity: 'error',
    recordType,
    violations: (organizationId) => sql`
      select distinct t.id from ${raw(table)} t
      cross join lateral jsonb_each(t.custom_fields) v
      left join custom_field f on f.organization_id = ${organizationId} and f.record_type = ${table.toUpperCase()} and f.key = v.key
      where t.organization_id = ${organizationId} and t.deleted_at is null and (f.id is null or not ${HAS_FORM})`,
  },
  {
    name: `${table}-picklist-values`,
    sentence: `Picklists of records of ${table} have one of their options (unless an undone conversion put a former one back).`,
    severity: 'warning',
    recordType,
    violations: (organizationId) => sql`
      select distinct t.id from ${raw(table)} t
      cross join lateral jsonb_each(t.custom_fields) v
      join custom_field f on f.organization_id = ${organizationId} and f.record_type = ${table.toUpperCase()} and f.key = v.key
      where t.organization_id = ${organizationId} and t.deleted_at is null and f.type = 'PICKLIST' and not f.options @> v.value`,
  },
]);

export const customFieldInvariants: Invariant[] = [
  ...values,
  {
    name: 'mapped-fields-exist',
    sentence: "The organisation's field mapping names only custom fields that exist.",
    severity: 'error',
    recordType: 'Organization',
    violations: (organizationId) => sql`
      select distinct o.id from organization o
      cross join lateral jsonb_array_elements(case jsonb_typeof(o.field_mappings) when 'array' then o.field_mappings else '[]' end) m
      cross join lateral (
        select m ->> 'target' as record_type, m ->> 'field' as name
        union all select 'LEAD', source from jsonb_array_elements_text(m -> 'sources') source) named
      where o.id = ${organizationId} and named.name like 'custom.%' and not exists (
        select from custom_field f
        where f.organization_id = ${organizationId} and f.record_type = named.record_type
          and named.name = 'custom.' || f.key)`,
  },
];
