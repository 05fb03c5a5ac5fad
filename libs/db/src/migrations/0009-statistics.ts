import { Migration } from '@mikro-orm/migrations';

const options = 'default character set utf8mb4 collate utf8mb4_bin engine = InnoDB';

/** Roll-ups of the execution log, and what was removed of the instances that they count. */
export class Statistics extends Migration {
  override up(): void {
    // Time comes before the workflow: what a period had is one range for a tenant, and one look an hour or day for a workflow.
    this.addSql(`create table if not exists workflow_stats (
      tenant_id varchar(64) not null,
      period varchar(4) not null,
      starts_at datetime(3) not null,
      workflow_id bigint unsigned not null,
      version int unsigned not null,
      started int unsigned not null,
      completed int unsigned not null,
      failed int unsigned not null,
      cancelled int unsigned not null,
      retried int unsigned not null,
      primary key (tenant_id, period, starts_at, workflow_id, version)
    ) ${options}`);
    this.addSql(`create table if not exists workflow_action_stats (
      tenant_id varchar(64) not null,
      starts_at datetime(3) not null,
      workflow_id bigint unsigned not null,
      version int unsigned not null,
      action_id bigint unsigned not null,
      outcome varchar(16) not null,
      arm varchar(64) not null,
      bucket smallint unsigned not null,
      entries int unsigned not null,
      duration_ms bigint unsigned not null,
      primary key (tenant_id, starts_at, workflow_id, version, action_id, outcome, arm, bucket)
    ) ${options}`);
    this.addSql(`create table if not exists removed_instances (
      tenant_id varchar(64) not null,
      workflow_id bigint unsigned not null,
      status varchar(16) not null,
      instances int unsigned not null,
      primary key (tenant_id, workflow_id, status)
    ) ${options}`);
  }

  override down(): void {
    for (const table of ['removed_instances', 'workflow_action_stats', 'workflow_stats']) this.addSql(`drop table if exists ${table}`);
  }
}
