import { Migration } from '@mikro-orm/migrations';

/** The part of `next_run_at` that is jitter: what is left is the occurrence's due time. */
export class ScheduleJitter extends Migration {
  override up(): void {
    this.addSql('alter table scheduled_tasks add column next_jitter_ms int not null default 0 after next_run_at');
  }

  override down(): void {
    this.addSql('alter table scheduled_tasks drop column next_jitter_ms');
  }
}
