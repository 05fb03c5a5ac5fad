import { Migration } from '@mikro-orm/migrations';

const options = 'engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin';

/** What tenants have used of what they may use in a day. */
export class TenantUsage extends Migration {
  override up(): void {
    this.addSql(`create table if not exists tenant_usage (
      tenant_id varchar(64) not null,
      resource varchar(16) not null,
      day varchar(10) not null,
      used int unsigned not null,
      primary key (tenant_id, resource)
    ) ${options}`);
  }

  override down(): void {
    this.addSql('drop table if exists tenant_usage');
  }
}
