import { Migration } from '@mikro-orm/migrations';

/** What the scheduler asks every second is in an index as a whole: measured on 10,000 tasks, 10 to 20 ms without them. */
export class SchedulerIndexes extends Migration {
  override async up(): Promise<void> {
    // One statement, so that a repeat finds all or nothing of it: MySQL has no `add key if not exists`.
    const found = await this.execute(
      "select 1 as found from information_schema.statistics where table_schema = database() and table_name = 'scheduled_tasks' and index_name = 'scheduled_tasks_due'",
    );
    if (found.length > 0) return;
    this.addSql(`alter table scheduled_tasks
      drop key scheduled_tasks_enabled,
      add key scheduled_tasks_due (enabled, next_run_at),
      add key scheduled_tasks_changed (enabled, computed_revision, revision)`);
  }

  override down(): void {
    this.addSql(`alter table scheduled_tasks
      drop key scheduled_tasks_due,
      drop key scheduled_tasks_changed,
      add key scheduled_tasks_enabled (enabled)`);
  }
}
