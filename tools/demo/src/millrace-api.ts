/** The part of the REST API that the demo uses. */
export interface MillraceApi {
  createWorkflow(tenantId: string, body: object): Promise<{ id: number }>;
  /** null until the workflow's newest version is on `workflow.definitions`. */
  findPublishedAt(tenantId: string, workflowId: number): Promise<string | null>;
}

export function createMillraceApi(baseUrl: string): MillraceApi {
  const request = async (method: string, path: string, tenantId: string, body?: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`${baseUrl}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-tenant-id': tenantId, 'x-user-id': 'demo' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Expected ${method} ${path} to succeed, but it answered ${response.status}: ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  return {
    createWorkflow: async (tenantId, body) => ({ id: Number((await request('POST', '/workflows', tenantId, body)).id) }),
    findPublishedAt: async (tenantId, workflowId) =>
      ((await request('GET', `/workflows/${workflowId}`, tenantId)).published_at as string | null) ?? null,
  };
}
