import { type components, createMillraceClient, type operations } from '@millrace/client';

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

export interface WorkflowAnswer {
  id: number;
  name: string;
  enabled: boolean;
  version: number;
  published_at: string | null;
  actions: { id: number; name: string; action_type: string }[];
}

export interface InstanceAnswer {
  id: string;
  workflow_id: number | null;
  status: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';
  progress: number;
  executed_actions: number;
  failed_actions: number;
  entity_id: string;
  triggered_by: string;
  triggered_by_value: string;
  waiting_for: string | null;
  wake_at: string | null;
  started_at: string | null;
  completed_at: string | null;
}

export interface ActionExecutionAnswer {
  action_id: number | null;
  action_name: string;
  action_type: string;
  status: string;
  attempts: number;
  retry_count: number;
  input: unknown;
  result: unknown;
  error_code: string | null;
  skip_reason: string | null;
}

export type InstanceDetail = InstanceAnswer & { action_executions: ActionExecutionAnswer[] };

/** RFC 9457 as the API answers it. */
export interface ProblemAnswer {
  status: number;
  code: string;
  detail: string;
  errors?: { path: string; code: string; message: string }[];
}

export interface RequestOptions {
  /** An object goes as JSON, a text as it is. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** The REST API as one tenant sees it. What isn't `request` throws where the answer isn't the one expected of a success. */
export interface TenantApi {
  request<T = Record<string, unknown>>(method: string, path: string, options?: RequestOptions): Promise<Answer<T>>;
  createWorkflow(body: unknown): Promise<WorkflowAnswer>;
  trigger(workflowId: number, body: unknown, headers?: Record<string, string>): Promise<InstanceAnswer>;
  /** All of them, each once, in no order that matters. */
  instances(workflowId: number): Promise<InstanceAnswer[]>;
  instance(workflowId: number, instanceId: string): Promise<InstanceDetail>;
}

type WorkflowBody = components['schemas']['WorkflowRequest'];
type TriggerBody = operations['triggerWorkflow']['requestBody']['content']['application/json'];

const pageSize = 200;

export function createTenantApi(baseUrl: string, tenantId: string): TenantApi {
  const request: TenantApi['request'] = async <T>(method: string, path: string, { body, headers = {} }: RequestOptions = {}) => {
    const response = await fetch(`${baseUrl}/api/v1${path}`, {
      method,
      headers: {
        'x-tenant-id': tenantId,
        'x-user-id': 'user-456',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? null : JSON.parse(text)) as T };
  };
  const client = createMillraceClient({
    baseUrl,
    headers: { 'x-tenant-id': tenantId, 'x-user-id': 'user-456' },
    fetch: (request) => fetch(request, { signal: AbortSignal.timeout(15_000) }),
  });
  return {
    request,
    createWorkflow: (body) => expecting(201, client.POST('/workflows', { body: body as WorkflowBody })),
    trigger: (workflowId, body, headers = {}) =>
      expecting(
        202,
        client.POST('/workflows/{workflowId}/trigger', {
          params: { path: { workflowId } },
          headers,
          body: body as TriggerBody,
        }),
      ),
    async instances(workflowId) {
      // The newest come first: what starts meanwhile moves others to the next page.
      const byId = new Map<string, InstanceAnswer>();
      for (let offset = 0; ; offset += pageSize) {
        const params = { path: { workflowId }, query: { limit: pageSize, offset } };
        const { items } = await expecting(200, client.GET('/workflows/{workflowId}/instances', { params }));
        for (const item of items) byId.set(item.id, item);
        if (items.length < pageSize) return [...byId.values()];
      }
    },
    instance: (workflowId, instanceId) =>
      expecting(200, client.GET('/workflows/{workflowId}/instances/{instanceId}', { params: { path: { workflowId, instanceId } } })),
  };
}

async function expecting<T>(status: number, call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (data !== undefined && response.status === status) return data;
  throw new Error(`Expected ${response.url} to answer ${status}, but it answered ${response.status}: ${JSON.stringify(data ?? error)}`);
}
