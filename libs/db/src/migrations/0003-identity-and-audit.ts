import { Migration } from '@mikro-orm/migrations';

const options = 'default character set utf8mb4 collate utf8mb4_bin engine = InnoDB';

/** API keys, secrets, the tenants' settings, the audit, and the claims of requests that carry an Idempotency-Key. */
export class IdentityAndAudit extends Migration {
  override up(): void {
    this.addSql(`create table if not exists api_keys (
      id bigint unsigned not null auto_increment primary key,
      tenant_id varchar(64) not null,
      name varchar(128) not null,
      prefix varchar(16) not null,
      key_hash binary(32) not null,
      role varchar(16) not null,
      scopes json null,
      created_by varchar(128) null,
      created_at datetime(3) not null default current_timestamp(3),
      expires_at datetime(3) null,
      revoked_at datetime(3) null,
      last_used_at datetime(3) null,
      key api_keys_tenant_created (tenant_id, created_at),
      unique key api_keys_prefix (prefix)
    ) ${options}`);
    this.addSql(`create table if not exists secrets (
      tenant_id varchar(64) not null,
      name varchar(64) not null,
      sealed blob not null,
      hosts json not null,
      version int not null default 1,
      created_by varchar(128) null,
      updated_by varchar(128) null,
      created_at datetime(3) not null default current_timestamp(3),
      updated_at datetime(3) not null default current_timestamp(3),
      primary key (tenant_id, name)
    ) ${options}`);
    this.addSql(`create table if not exists tenant_settings (
      tenant_id varchar(64) not null,
      timezone varchar(64) not null default 'UTC',
      senders json not null,
      redaction json not null,
      limits json not null,
      version int not null default 1,
      updated_by varchar(128) null,
      created_at datetime(3) not null default current_timestamp(3),
      updated_at datetime(3) not null default current_timestamp(3),
      primary key (tenant_id)
    ) ${options}`);
    this.addSql(`create table if not exists audit_entries (
      id bigint unsigned not null auto_increment primary key,
      tenant_id varchar(64) not null,
      action varchar(64) not null,
      resource_type varchar(32) not null,
      resource_id varchar(64) null,
      path varchar(255) not null,
      user_id varchar(128) null,
      role varchar(16) not null,
      authenticated_by varchar(16) not null,
      request_id varchar(128) not null,
      state_before json null,
      state_after json null,
      created_at datetime(3) not null default current_timestamp(3),
      key audit_entries_tenant_created (tenant_id, created_at, id),
      key audit_entries_tenant_resource (tenant_id, resource_type, resource_id, created_at)
    ) ${options}`);
    // Nothing has written to it yet. Made anew, not altered: MySQL has no `add column if not exists`, and each step must bear a repeat.
    this.addSql('drop table if exists idempotency_keys');
    this.addSql(`create table idempotency_keys (
      tenant_id varchar(64) not null,
      route varchar(128) not null,
      idempotency_key varchar(255) not null,
      request_hash binary(32) not null,
      holder binary(16) not null,
      held_until datetime(3) not null,
      status int null,
      answer mediumtext null,
      created_at datetime(3) not null default current_timestamp(3),
      key idempotency_keys_created (created_at),
      primary key (tenant_id, route, idempotency_key)
    ) ${options}`);
  }

  override down(): void {
    for (const table of ['audit_entries', 'tenant_settings', 'secrets', 'api_keys']) this.addSql(`drop table if exists ${table}`);
  }
}
