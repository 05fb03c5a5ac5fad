import type { SqlEntityManager } from '@mikro-orm/mysql';
import { parseJson } from '@millrace/db';
import { flattenActions, type JsonObject, triggerEventType, type WorkflowRequest } from '@millrace/workflow';
import type { Fault } from './problem.ts';
import { tenantQuery } from './tenant-query.ts';
import { findCycle, type Links } from './workflow-cycles.ts';

/** Others are looked at up to here: a warning isn't worth more. */
const mostRows = 2_000;

interface Part {
  type: string;
  config: JsonObject;
}

interface PartRow {
  workflow_id: number;
  name: string;
  type: string;
  config: unknown;
}

/** Says where a workflow may start itself, at once or by way of others. The loop guard would stop it, but late. */
export async function findCycleWarnings(em: SqlEntityManager, id: number, request: WorkflowRequest): Promise<Fault[]> {
  const actions = flattenActions(request.actions).map(({ action_type: type, action_config: config }) => ({ type, config }));
  const triggers = request.triggers.map(({ trigger_type: type, trigger_config: config }) => ({ type, config }));
  const cycle = findCycle(linksOf(id, request.name, triggers, actions), await findOthers(em, id));
  if (cycle === null) return [];
  const way = cycle.map(({ name }) => JSON.stringify(name)).join(', ');
  const message = `Expected a workflow that can't start itself, but this one may${way === '' ? '' : `, by way of ${way}`}`;
  return [{ path: '', code: 'cycle', message }];
}

/** The tenant's other workflows that start any, or are started by any. */
async function findOthers(em: SqlEntityManager, id: number): Promise<Links[]> {
  const triggers = await tenantQuery<PartRow>(
    em,
    `select t.workflow_id, w.name, t.trigger_type as type, t.trigger_config as config
       from workflow_triggers t join workflows w on w.id = t.workflow_id
      where t.tenant_id = :tenant and t.trigger_type in ('custom', 'workflow_completed') and t.deleted_at is null
        and w.deleted_at is null and w.id <> :id
      limit ${mostRows}`,
    { id },
  );
  const actions = await tenantQuery<PartRow>(
    em,
    `select a.workflow_id, w.name, a.action_type as type, a.action_config as config
       from workflow_actions a join workflows w on w.id = a.workflow_id
      where a.tenant_id = :tenant and a.action_type in ('start_workflow', 'emit_event') and a.deleted_at is null
        and w.deleted_at is null and w.id <> :id
      limit ${mostRows}`,
    { id },
  );
  const nameById = new Map([...triggers, ...actions].map((row) => [Number(row.workflow_id), row.name]));
  const [triggersById, actionsById] = [partsById(triggers), partsById(actions)];
  return [...nameById].map(([workflowId, name]) =>
    linksOf(workflowId, name, triggersById.get(workflowId) ?? [], actionsById.get(workflowId) ?? []),
  );
}

function partsById(rows: readonly PartRow[]): Map<number, Part[]> {
  const parts = new Map<number, Part[]>();
  for (const { workflow_id, type, config } of rows) {
    const id = Number(workflow_id);
    parts.set(id, [...(parts.get(id) ?? []), { type, config: parseJson<JsonObject>(config) }]);
  }
  return parts;
}

function linksOf(workflowId: number, name: string, triggers: readonly Part[], actions: readonly Part[]): Links {
  const configsOf = (parts: readonly Part[], wanted: string) => parts.filter(({ type }) => type === wanted).map(({ config }) => config);
  return {
    workflowId,
    name,
    starts: configsOf(actions, 'start_workflow').map((config) => Number(config.workflow_id)),
    emits: configsOf(actions, 'emit_event').map((config) => String(config.event_name)),
    hears: configsOf(triggers, 'custom').map((config) => triggerEventType({ trigger_type: 'custom', trigger_config: config })),
    follows: configsOf(triggers, 'workflow_completed').map((config) =>
      typeof config.workflow_id === 'number' ? config.workflow_id : null,
    ),
  };
}
