import type { SqlEntityManager } from '@mikro-orm/mysql';
import { TenantSetting, Workflow } from '@millrace/db';
import { defaultTenantSettings, type TenantLimits } from '@millrace/workflow';
import { type Fault, invalid, Problem } from './problem.ts';

/** The tenant's limits as they are now: its own over the defaults. */
export async function getTenantLimits(em: SqlEntityManager): Promise<TenantLimits> {
  const settings = await em.findOne(TenantSetting, {}, { fields: ['limits'] });
  return { ...defaultTenantSettings.limits, ...settings?.limits };
}

/** 409 where the tenant has as many workflows as it may. Of several that come at once some may slip through. */
export async function requireRoomForWorkflow(em: SqlEntityManager, { workflows }: TenantLimits): Promise<void> {
  if ((await em.count(Workflow, { deletedAt: null })) < workflows) return;
  throw new Problem(409, 'limit_reached', `Expected at most ${workflows} workflows, but there would be more`);
}

/** 422 for a definition that has more actions or more bytes than the tenant's may. */
export function requireWithinLimits(definition: { actions: readonly unknown[] }, limits: TenantLimits): void {
  const faults: Fault[] = [];
  const { length } = definition.actions;
  if (length > limits.actions_per_workflow) {
    const message = `Expected at most ${limits.actions_per_workflow} actions in a workflow, but got ${length}`;
    faults.push({ path: 'actions', code: 'limit_reached', message });
  }
  const bytes = Buffer.byteLength(JSON.stringify(definition));
  if (bytes > limits.definition_bytes) {
    const message = `Expected a definition of at most ${limits.definition_bytes} bytes, but it has ${bytes}`;
    faults.push({ path: '', code: 'too_large', message });
  }
  if (faults.length > 0) throw invalid(faults);
}
