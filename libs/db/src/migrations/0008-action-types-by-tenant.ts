import { Migration } from '@mikro-orm/migrations';

/** Which workflows of a tenant have actions of a type: those that may start others are asked for whenever one is saved. */
export class ActionTypesByTenant extends Migration {
  override async up(): Promise<void> {
    // A step must bear a repeat, and MySQL has no `add key if not exists`.
    const found = await this.execute(
      'select 1 as found from information_schema.statistics where table_schema = database() and index_name = ?',
      ['workflow_actions_tenant_type'],
    );
    if (found.length === 0) {
      this.addSql('alter table workflow_actions add key workflow_actions_tenant_type (tenant_id, action_type, deleted_at, workflow_id)');
    }
  }

  override down(): void {
    this.addSql('alter table workflow_actions drop key workflow_actions_tenant_type');
  }
}
