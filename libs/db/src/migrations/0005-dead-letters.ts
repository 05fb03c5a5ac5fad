import { Migration } from '@mikro-orm/migrations';

/** Records that could not be handled, as they lie in the dead-letter topics, and what an operator has done with them. */
export class DeadLetters extends Migration {
  override up(): void {
    this.addSql(`create table if not exists dead_letters (
      id bigint unsigned not null auto_increment primary key,
      tenant_id varchar(64) not null,
      origin_topic varchar(249) not null,
      origin_partition int unsigned not null,
      origin_offset bigint unsigned not null,
      reason varchar(64) not null,
      message varchar(1000) not null,
      service varchar(64) not null,
      record_key mediumblob null,
      record_value mediumblob null,
      headers json not null,
      dead_lettered_at datetime(3) not null,
      state varchar(16) not null default 'waiting',
      replays int unsigned not null default 0,
      replayed_at datetime(3) null,
      discarded_at datetime(3) null,
      created_at datetime(3) not null default current_timestamp(3),
      updated_at datetime(3) not null default current_timestamp(3),
      unique key dead_letters_origin (origin_topic, origin_partition, origin_offset),
      key dead_letters_state (state),
      key dead_letters_tenant (tenant_id),
      key dead_letters_reason (reason),
      key dead_letters_at (dead_lettered_at)
    ) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB`);
  }

  override down(): void {
    this.addSql('drop table if exists dead_letters');
  }
}
