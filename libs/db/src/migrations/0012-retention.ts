import { Migration } from '@mikro-orm/migrations';

/** How long a tenant keeps what has ended; null: as long as the installation does. */
export class RetentionSettings extends Migration {
  override async up(): Promise<void> {
    // A step must bear a repeat, and MySQL has no `add column if not exists`.
    const found = await this.execute(
      "select 1 as found from information_schema.columns where table_schema = database() and table_name = 'tenant_settings' and column_name = 'retention'",
    );
    if (found.length === 0) this.addSql('alter table tenant_settings add column retention json null after redaction');
  }

  override down(): void {
    this.addSql('alter table tenant_settings drop column retention');
  }
}
