import sql from 'sql-template-tag';
import type { Invariant } from './check-invariants.ts';

export const jobs: Invariant[] = [
  {
    name: 'ended-job-has-ended-lines',
    sentence: 'A job that has ended leaves no line pending.',
    severity: 'error',
    recordType: 'ConversionJob',
    violations: (organizationId) => sql`
      select j.id from conversion_job j
      where j.organization_id = ${organizationId} and j.finished_at is not null and exists (
        select from conversion_job_line l
        where l.organization_id = ${organizationId} and l.job_id = j.id and l.state = 'PENDING')`,
  },
  {
    name: 'converted-line-has-conversion',
    sentence: "A line of a job is done exactly when it names a conversion, and that is of the line's lead.",
    severity: 'error',
    recordType: 'ConversionJob',
    violations: (organizationId) => sql`
      select distinct l.job_id as id from conversion_job_line l
      join conversion_job j on j.organization_id = ${organizationId} and j.id = l.job_id and j.kind = 'CONVERT'
      left join lead_conversion c on c.organization_id = ${organizationId} and c.id = l.conversion_id
      where l.organization_id = ${organizationId}
        and ((l.state = 'CONVERTED') <> (c.id is not null) or c.lead_id is distinct from l.lead_id and c.id is not null)`,
  },
];
