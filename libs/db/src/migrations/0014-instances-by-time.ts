import { Migration } from '@mikro-orm/migrations';

/** Instances lie in the order of their making rather than of their ids, which are hashes: docs/adr/0022-instances-lie-by-time.md. */
export class InstancesByTime extends Migration {
  override async up(): Promise<void> {
    // A step must bear a repeat.
    const found = await this.execute(
      "select 1 as found from information_schema.statistics where table_schema = database() and table_name = 'workflow_instances' and index_name = 'workflow_instances_id'",
    );
    if (found.length > 0) return;
    this.addSql(
      'alter table workflow_instances add unique key workflow_instances_id (id), drop primary key, add primary key (created_at, id)',
    );
  }

  override down(): void {
    this.addSql('alter table workflow_instances drop primary key, add primary key (id), drop key workflow_instances_id');
  }
}
