import { Roles } from './0001-roles.ts';
import { Tables } from './0002-tables.ts';
import { Distribution } from './0003-distribution.ts';
import { ForeignKeys } from './0004-foreign-keys.ts';
import { Indexes } from './0005-indexes.ts';
import { RowLevelSecurity } from './0006-row-level-security.ts';
import { Search } from './0007-search.ts';
import { CustomFields } from './0008-custom-fields.ts';
import { ConversionJobs } from './0010-conversion-jobs.ts';
import { JobQueueTables } from './0011-job-queue.ts';
import { ConversionReview } from './0012-conversion-review.ts';
import { Merges } from './0014-merges.ts';
import { Handoffs } from './0016-handoffs.ts';
import { MetricInputs } from './0017-metric-inputs.ts';
import { Campaigns } from './0018-campaigns.ts';

/** In the order they run; a landed migration never changes, a new purpose gets a new number. */
export const migrations = [
  { name: '0001-roles', class: Roles },
  { name: '0002-tables', class: Tables },
  { name: '0003-distribution', class: Distribution },
  { name: '0004-foreign-keys', class: ForeignKeys },
  { name: '0005-indexes', class: Indexes },
  { name: '0006-row-level-security', class: RowLevelSecurity },
  { name: '0007-search', class: Search },
  { name: '0008-custom-fields', class: CustomFields },
  { name: '0010-conversion-jobs', class: ConversionJobs },
  { name: '0011-job-queue', class: JobQueueTables },
  { name: '0012-conversion-review', class: ConversionReview },
  { name: '0014-merges', class: Merges },
  { name: '0016-handoffs', class: Handoffs },
  { name: '0017-metric-inputs', class: MetricInputs },
  { name: '0018-campaigns', class: Campaigns },
];
