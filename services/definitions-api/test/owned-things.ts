import { examples } from '../src/openapi/examples.ts';
import type { PathParameter } from '../src/route.ts';
import type { ApiUnderTest } from './api-under-test.ts';

/** One thing of each kind that belongs to a tenant, by the path parameter that names it. */
export type OwnedThings = Record<PathParameter, string>;

/** In every text that the tenant keeps, so that it is noticed wherever it doesn't belong. */
export const canary = 'canary-of-the-owner';

/** Makes one thing of each kind for a tenant. The first workflow of a fresh database has the id 1, which the examples name. */
export async function createOwnedThings(api: ApiUnderTest, tenant: string): Promise<OwnedThings> {
  const make = async (path: string, body: unknown) => {
    const answer = await api.request('POST', path, { tenant, body });
    if (answer.status >= 300) throw new Error(`Expected ${path} to make something, but: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const named = (operationId: string, name: string = canary) => ({ ...(examples[operationId]?.body as object), name });
  const workflow = await make('/workflows', { ...named('createWorkflow'), description: canary });
  const instance = await make(`/workflows/${workflow.id}/trigger`, {
    ...(examples.triggerWorkflow?.body as object),
    triggered_by_value: canary,
  });
  const task = await make('/scheduled-tasks', { ...named('createScheduledTask'), config: { workflow_id: workflow.id } });
  // One run of both is enough to have something to name.
  await api.database.pool.query('update workflow_instances set scheduled_task_id = ? where id = unhex(?)', [task.id, instance.id]);
  const template = await make('/workflow-templates', named('createWorkflowTemplate'));
  const secret = await make('/secrets', named('createSecret', 'canary_of_the_owner'));
  const key = await make('/api-keys', named('createApiKey'));
  const [entry] = (await api.request('GET', '/audit', { tenant })).body.items;
  return {
    workflowId: String(workflow.id),
    triggerId: String(workflow.triggers[0].id),
    actionId: String(workflow.actions[0].id),
    version: '1',
    instanceId: instance.id,
    taskId: String(task.id),
    templateId: String(template.id),
    secretName: secret.name,
    keyId: String(key.id),
    entryId: String(entry.id),
  };
}

/** A path with these things in place of its parameters. */
export function pathOf(path: string, things: Record<string, string>): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(things[name] ?? `:${name}`));
}
