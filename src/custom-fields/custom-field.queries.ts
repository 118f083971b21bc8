import sql from 'sql-template-tag';
import type { Snapshot } from '../database/snapshot.ts';
import type { CustomField } from './custom-field.type.ts';

/** All custom fields of the organisation by type of record, in order. */
export function customFieldsOf(snapshot: Snapshot, organizationId: string): Promise<CustomField[]> {
  return snapshot.query<CustomField>(sql`
    select record_type as "recordType", key, label, type, options, description from custom_field
    where organization_id = ${organizationId} order by record_type, position, id`);
}
