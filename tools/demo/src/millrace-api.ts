import { type components, createMillraceClient } from '@millrace/client';

/** The part of the REST API that the demo uses. */
export interface MillraceApi {
  createWorkflow(tenantId: string, body: object): Promise<{ id: number }>;
  /** null until the workflow's newest version is on `workflow.definitions`. */
  findPublishedAt(tenantId: string, workflowId: number): Promise<string | null>;
}

export function createMillraceApi(baseUrl: string): MillraceApi {
  const client = createMillraceClient({
    baseUrl,
    headers: { 'x-user-id': 'demo' },
    fetch: (request) => fetch(request, { signal: AbortSignal.timeout(15_000) }),
  });
  return {
    async createWorkflow(tenantId, body) {
      const call = client.POST('/workflows', {
        headers: { 'x-tenant-id': tenantId },
        body: body as components['schemas']['WorkflowRequest'],
      });
      const { id } = await succeeding('POST /workflows', call);
      return { id };
    },
    async findPublishedAt(tenantId, workflowId) {
      const call = client.GET('/workflows/{workflowId}', { headers: { 'x-tenant-id': tenantId }, params: { path: { workflowId } } });
      const { published_at } = await succeeding(`GET /workflows/${workflowId}`, call);
      return published_at;
    },
  };
}

async function succeeding<T>(name: string, call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (data !== undefined) return data;
  throw new Error(`Expected ${name} to succeed, but it answered ${response.status}: ${JSON.stringify(error)}`);
}
