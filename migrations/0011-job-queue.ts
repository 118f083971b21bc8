import fs from 'node:fs';
import { Migration } from '@mikro-orm/migrations';

const CONSTRUCTION = new URL('pg-boss-42.sql', import.meta.url);

/**
 * The tables of the queue (pg-boss), in a schema of their own. They are no tenant's: what waits there carries nothing but
 * ids. A newer pg-boss with another schema version needs a migration that brings these to it.
 */
export class JobQueueTables extends Migration {
  override up(): void {
    this.addSql(fs.readFileSync(CONSTRUCTION, 'utf8'));
    // A process that dies is missed after half a minute; however often that happens, and however long no process is
    // there (ten years), its jobs are taken up again.
    const retentionSeconds = 315_360_000;
    const options = {
      policy: 'standard',
      retryLimit: 1_000_000,
      retryDelay: 2,
      heartbeatSeconds: 30,
      retentionSeconds,
    };
    this.addSql(`select pgboss.create_queue('conversion-job', '${JSON.stringify(options)}')`);
    this.addSql('grant usage on schema pgboss to kontor_app');
    this.addSql('grant select on all tables in schema pgboss to kontor_app');
    this.addSql(
      'grant insert, update, delete on pgboss.job, pgboss.job_common, pgboss.job_dependency to kontor_app',
    );
    this.addSql('grant update on pgboss.queue, pgboss.version to kontor_app');
  }
}
