import { Migration } from '@mikro-orm/migrations';

/** Lists of a tenant's live workflows by their filters and orders, and when a deleted one was taken out of the topic. */
export class WorkflowLists extends Migration {
  override async up(): Promise<void> {
    // Each statement adds all or nothing, and a step must bear a repeat: MySQL has no `add column if not exists`.
    if (!(await this.#has('workflows', 'workflows_live_created'))) {
      this.addSql(`alter table workflows
        add column tombstoned_at datetime(3) null after deleted_at,
        drop key workflows_tenant_enabled,
        drop key workflows_tenant_created,
        add key workflows_live_created (tenant_id, deleted_at, created_at),
        add key workflows_live_updated (tenant_id, deleted_at, updated_at),
        add key workflows_live_name (tenant_id, deleted_at, name),
        add key workflows_live_enabled (tenant_id, deleted_at, enabled, created_at),
        add key workflows_deleted (deleted_at)`);
    }
    if (!(await this.#has('workflow_triggers', 'workflow_triggers_tenant_type'))) {
      this.addSql(`alter table workflow_triggers
        add key workflow_triggers_tenant_type (tenant_id, trigger_type, deleted_at, workflow_id)`);
    }
  }

  override down(): void {
    this.addSql('alter table workflow_triggers drop key workflow_triggers_tenant_type');
    this.addSql(`alter table workflows
      drop key workflows_live_created,
      drop key workflows_live_updated,
      drop key workflows_live_name,
      drop key workflows_live_enabled,
      drop key workflows_deleted,
      drop column tombstoned_at,
      add key workflows_tenant_enabled (tenant_id, enabled),
      add key workflows_tenant_created (tenant_id, created_at)`);
  }

  async #has(table: string, index: string): Promise<boolean> {
    const found = await this.execute(
      'select 1 as found from information_schema.statistics where table_schema = database() and table_name = ? and index_name = ?',
      [table, index],
    );
    return found.length > 0;
  }
}
