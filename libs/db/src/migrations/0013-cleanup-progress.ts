import { Migration } from '@mikro-orm/migrations';

/** How many rows a run of a cleanup has deleted so far: whoever goes on with it after a crash goes on counting. */
export class CleanupProgressTable extends Migration {
  override up(): void {
    this.addSql(`create table if not exists cleanup_progress (
      instance_id binary(16) not null,
      tenant_id varchar(64) not null,
      deleted bigint unsigned not null,
      primary key (instance_id)
    ) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB`);
  }

  override down(): void {
    this.addSql('drop table if exists cleanup_progress');
  }
}
