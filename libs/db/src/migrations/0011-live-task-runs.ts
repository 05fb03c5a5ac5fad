import { Migration } from '@mikro-orm/migrations';

/** Runs of scheduled tasks that go on: what `overlap_policy: skip` is decided by. An index on the instances would cost every one of them. */
export class LiveTaskRuns extends Migration {
  override up(): void {
    this.addSql(`create table if not exists live_task_runs (
      task_id bigint unsigned not null,
      instance_id binary(16) not null,
      tenant_id varchar(64) not null,
      primary key (task_id, instance_id),
      key live_task_runs_instance (instance_id)
    ) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB`);
    // Those of before: what the history of the tasks has of them.
    this.addSql(`insert into live_task_runs (task_id, instance_id, tenant_id)
      select i.scheduled_task_id, i.id, i.tenant_id
        from scheduled_task_executions as e
        join workflow_instances as i on i.id = e.instance_id
       where e.status in ('pending', 'running') and i.status in ('pending', 'running') and i.scheduled_task_id is not null
      on duplicate key update instance_id = live_task_runs.instance_id`);
  }

  override down(): void {
    this.addSql('drop table if exists live_task_runs');
  }
}
