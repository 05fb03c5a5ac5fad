import { Migration } from '@mikro-orm/migrations';

// Runs on MySQL 8.4 and on MariaDB 11.4. All texts are utf8mb4_bin: ids, names and keys compare exactly.
const options = 'default character set utf8mb4 collate utf8mb4_bin engine = InnoDB';

/** The seed's ten tables, versions, and the tables that the services coordinate by. */
export class InitialTables extends Migration {
  override up(): void {
    this.addSql(`create table if not exists workflows (
      id bigint unsigned not null auto_increment primary key,
      tenant_id varchar(64) not null,
      name varchar(255) not null,
      description text null,
      enabled tinyint(1) not null,
      on_disable varchar(16) not null default 'finish',
      re_entry varchar(16) not null default 'always',
      cooldown_seconds int null,
      version int not null,
      created_by varchar(128) null,
      published_at datetime(3) null,
      deleted_at datetime(3) null,
      created_at datetime(3) not null default current_timestamp(3),
      updated_at datetime(3) not null default current_timestamp(3),
      key workflows_tenant_enabled (tenant_id, enabled),
      key workflows_tenant_created (tenant_id, created_at),
      key workflows_enabled (enabled),
      key workflows_created (created_at),
      unique key workflows_tenant_name (tenant_id, name)
    ) ${options}`);
    this.addSql(`create table if not exists workflow_triggers (
      id bigint unsigned not null auto_increment primary key,
      tenant_id varchar(64) not null,
      workflow_id bigint unsigned not null,
      trigger_type varchar(64) not null,
      trigger_config json not null,
      position int not null default 0,
      deleted_at datetime(3) null,
      created_at datetime(3) not null default current_timestamp(3),
      updated_at datetime(3) not null default current_timestamp(3),
      key workflow_triggers_workflow (workflow_id),
      key workflow_triggers_type (trigger_type),
      constraint workflow_triggers_workflow_id_foreign foreign key (workflow_id) references workflows (id) on delete restrict
    ) ${options}`);
    this.addSql(`create table if not exists trigger_conditions (
      id bigint unsigned not null auto_increment primary key,
      tenant_id varchar(64) not null,
      trigger_id bigint unsigned not null,
      parent_id bigint unsigned null,
      kind varchar(8) not null,
      field varchar(255) null,
      operator varchar(64) null,
      value json null,
      case_sensitive tinyint(1) not null default false,
      position int not null default 0,
      created_at datetime(3) not null default current_timestamp(3),
      updated_at datetime(3) not null default current_timestamp(3),
      key trigger_conditions_trigger (trigger_id),
      constraint trigger_conditions_trigger_id_foreign foreign key (trigger_id) references workflow_triggers (id) on delete cascade
    ) ${options}`);
    this.addSql(`create table if not exists workflow_actions (
      id bigint unsigned not null auto_increment primary key,
      tenant_id varchar(64) not null,
      workflow_id bigint unsigned not null,
      parent_id bigint unsigned null,
      arm varchar(64) null,
      name varchar(128) not null,
      action_type varchar(64) not null,
      action_config json not null,
      action_order int not null,
      delay_seconds int not null default 0,
      conditions json null,
      retry_policy json null,
      timeout_seconds int null,
      on_error varchar(16) not null default 'fail',
      at_most_once tinyint(1) not null default false,
      deleted_at datetime(3) null,
      created_at datetime(3) not null default current_timestamp(3),
      updated_at datetime(3) not null default current_timestamp(3),
      key workflow_actions_workflow_order (workflow_id, action_order),
      key workflow_actions_type (action_type),
      key workflow_actions_order (action_order),
      constraint workflow_actions_workflow_id_foreign foreign key (workflow_id) references workflows (id) on delete restrict
    ) ${options}`);
    this.addSql(`create table if not exists workflow_versions (
      workflow_id bigint unsigned not null,
      version int unsigned not null,
      tenant_id varchar(64) not null,
      definition json not null,
      author varchar(128) null,
      note varchar(500) null,
      created_at datetime(3) not null default current_timestamp(3),
      primary key (workflow_id, version),
      constraint workflow_versions_workflow_id_foreign foreign key (workflow_id) references workflows (id) on delete restrict
    ) ${options}`);
    this.addSql(`create table if not exists workflow_instances (
      id binary(16) not null,
      tenant_id varchar(64) not null,
      workflow_id bigint unsigned null,
      workflow_version int null,
      scheduled_task_id bigint unsigned null,
      scheduled_for datetime(3) null,
      entity_type varchar(64) not null,
      entity_id varchar(128) not null,
      triggered_by varchar(64) not null,
      triggered_by_value varchar(255) not null,
      status varchar(16) not null,
      progress tinyint unsigned not null default 0,
      executed_actions int not null default 0,
      failed_actions int not null default 0,
      row_version int unsigned not null default 0,
      journal mediumblob not null,
      published_seq int unsigned not null default 0,
      wake_at datetime(3) null,
      waiting_for varchar(16) null,
      writer binary(16) null,
      inbox mediumblob null,
      started_at datetime(3) null,
      completed_at datetime(3) null,
      created_at datetime(3) not null default current_timestamp(3),
      updated_at datetime(3) not null default current_timestamp(3),
      primary key (id),
      key workflow_instances_tenant_created (tenant_id, created_at, id),
      key workflow_instances_workflow_created (workflow_id, created_at, id),
      key workflow_instances_status_wake (status, wake_at),
      constraint workflow_instances_workflow_id_foreign foreign key (workflow_id) references workflows (id) on delete restrict
    ) ${options}`);
    this.addSql(`create table if not exists workflow_action_executions (
      id bigint unsigned not null auto_increment primary key,
      tenant_id varchar(64) not null,
      workflow_id bigint unsigned null,
      instance_id binary(16) not null,
      action_id bigint unsigned null,
      action_name varchar(128) not null,
      action_type varchar(64) not null,
      status varchar(16) not null,
      attempts int not null default 0,
      retry_count int not null default 0,
      input json null,
      result json null,
      error_code varchar(64) null,
      error_message text null,
      skip_reason varchar(64) null,
      started_at datetime(3) null,
      completed_at datetime(3) null,
      duration_ms int null,
      last_seq int not null,
      created_at datetime(3) not null default current_timestamp(3),
      updated_at datetime(3) not null default current_timestamp(3),
      key workflow_action_executions_workflow (workflow_id),
      key workflow_action_executions_action (action_id),
      key workflow_action_executions_status (status),
      unique key workflow_action_executions_instance_action (instance_id, action_id),
      constraint workflow_action_executions_workflow_id_foreign foreign key (workflow_id) references workflows (id) on delete restrict,
      constraint workflow_action_executions_instance_id_foreign foreign key (instance_id) references workflow_instances (id) on delete restrict,
      constraint workflow_action_executions_action_id_foreign foreign key (action_id) references workflow_actions (id) on delete restrict
    ) ${options}`);
    this.addSql(`create table if not exists workflow_execution_logs (
      id bigint unsigned not null auto_increment primary key,
      tenant_id varchar(64) not null,
      workflow_id bigint unsigned null,
      instance_id binary(16) not null,
      seq int not null,
      action varchar(64) not null,
      action_id bigint unsigned null,
      status varchar(16) null,
      detail json null,
      created_at datetime(3) not null,
      key workflow_execution_logs_tenant_created (tenant_id, created_at),
      key workflow_execution_logs_workflow_created (workflow_id, created_at),
      key workflow_execution_logs_action (action),
      key workflow_execution_logs_created (created_at),
      unique key workflow_execution_logs_instance_seq (instance_id, seq),
      constraint workflow_execution_logs_workflow_id_foreign foreign key (workflow_id) references workflows (id) on delete restrict,
      constraint workflow_execution_logs_instance_id_foreign foreign key (instance_id) references workflow_instances (id) on delete restrict
    ) ${options}`);
    this.addSql(`create table if not exists scheduled_tasks (
      id bigint unsigned not null auto_increment primary key,
      tenant_id varchar(64) not null,
      name varchar(255) not null,
      type varchar(16) not null,
      config json not null,
      schedule varchar(255) not null,
      timezone varchar(64) not null default 'UTC',
      enabled tinyint(1) not null,
      overlap_policy varchar(16) not null default 'skip',
      misfire_policy varchar(16) not null default 'skip',
      misfire_max int null,
      catch_up_window_seconds int not null default 86400,
      jitter_seconds int not null default 0,
      start_at datetime(3) null,
      end_at datetime(3) null,
      max_retries int not null default 0,
      retry_delay_seconds int not null default 0,
      dst json null,
      revision int not null default 1,
      workflow_id bigint unsigned null,
      created_by varchar(128) null,
      created_at datetime(3) not null default current_timestamp(3),
      updated_at datetime(3) not null default current_timestamp(3),
      last_run_at datetime(3) null,
      next_run_at datetime(3) null,
      computed_revision int null,
      state varchar(16) not null default 'active',
      state_reason varchar(255) null,
      key scheduled_tasks_type (type),
      key scheduled_tasks_enabled (enabled),
      key scheduled_tasks_next_run (next_run_at),
      unique key scheduled_tasks_tenant_name (tenant_id, name)
    ) ${options}`);
    this.addSql(`create table if not exists scheduled_task_executions (
      id bigint unsigned not null auto_increment primary key,
      task_id bigint unsigned not null,
      tenant_id varchar(64) not null,
      instance_id binary(16) not null,
      scheduled_for datetime(3) not null,
      status varchar(16) not null,
      skip_reason varchar(64) null,
      started_at datetime(3) null,
      completed_at datetime(3) null,
      duration_ms int null,
      output json null,
      error_message text null,
      last_seq int not null,
      created_at datetime(3) not null default current_timestamp(3),
      key scheduled_task_executions_tenant (tenant_id),
      key scheduled_task_executions_status (status),
      key scheduled_task_executions_started (started_at),
      unique key scheduled_task_executions_task_due (task_id, scheduled_for),
      constraint scheduled_task_executions_task_id_foreign foreign key (task_id) references scheduled_tasks (id) on delete cascade
    ) ${options}`);
    this.addSql(`create table if not exists workflow_templates (
      id bigint unsigned not null auto_increment primary key,
      tenant_id varchar(64) not null,
      name varchar(255) not null,
      description text null,
      category varchar(32) not null,
      is_public tinyint(1) not null default false,
      definition json not null,
      parameters json not null,
      created_by varchar(128) null,
      created_at datetime(3) not null default current_timestamp(3),
      updated_at datetime(3) not null default current_timestamp(3),
      key workflow_templates_category (category),
      key workflow_templates_public (is_public),
      unique key workflow_templates_tenant_name (tenant_id, name)
    ) ${options}`);
    this.addSql(`create table if not exists outbox_messages (
      workflow_id bigint unsigned not null,
      tenant_id varchar(64) not null,
      mark int not null,
      created_at datetime(3) not null default current_timestamp(3),
      primary key (workflow_id)
    ) ${options}`);
    this.addSql(`create table if not exists idempotency_keys (
      tenant_id varchar(64) not null,
      route varchar(128) not null,
      idempotency_key varchar(255) not null,
      body_hash binary(32) not null,
      status int null,
      response mediumtext null,
      created_at datetime(3) not null default current_timestamp(3),
      primary key (tenant_id, route, idempotency_key)
    ) ${options}`);
    this.addSql(`create table if not exists scheduler_leases (
      name varchar(32) not null,
      holder varchar(64) not null,
      expires_at datetime(3) not null,
      primary key (name)
    ) ${options}`);
  }

  override down(): void {
    for (const table of tables.toReversed()) this.addSql(`drop table if exists ${table}`);
  }
}

const tables = [
  'workflows',
  'workflow_triggers',
  'trigger_conditions',
  'workflow_actions',
  'workflow_versions',
  'workflow_instances',
  'workflow_action_executions',
  'workflow_execution_logs',
  'scheduled_tasks',
  'scheduled_task_executions',
  'workflow_templates',
  'outbox_messages',
  'idempotency_keys',
  'scheduler_leases',
];
