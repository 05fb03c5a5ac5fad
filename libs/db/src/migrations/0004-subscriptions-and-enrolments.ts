import { Migration } from '@mikro-orm/migrations';

const options = 'default character set utf8mb4 collate utf8mb4_bin engine = InnoDB';

/** Which instances wait for which events, and how often an entity has entered a workflow. */
export class SubscriptionsAndEnrolments extends Migration {
  override up(): void {
    this.addSql(`create table if not exists instance_subscriptions (
      tenant_id varchar(64) not null,
      event_name varchar(128) not null,
      entity_type varchar(64) not null,
      entity_id varchar(128) not null,
      instance_id binary(16) not null,
      primary key (tenant_id, event_name, entity_type, entity_id, instance_id),
      key instance_subscriptions_instance (instance_id)
    ) ${options}`);
    this.addSql(`create table if not exists entity_enrolments (
      tenant_id varchar(64) not null,
      workflow_id bigint unsigned not null,
      entity_type varchar(64) not null,
      entity_id varchar(128) not null,
      instance_id binary(16) not null,
      started_at datetime(3) not null,
      refused json not null,
      primary key (tenant_id, workflow_id, entity_type, entity_id)
    ) ${options}`);
  }

  override down(): void {
    this.addSql('drop table if exists entity_enrolments');
    this.addSql('drop table if exists instance_subscriptions');
  }
}
