import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './generated.ts';

export interface MillraceClientOptions {
  /** Where the API is, without its `/api/v1`: `http://127.0.0.1:8080`. */
  baseUrl: string;
  /** Sent with each request: who calls, by `Authorization` or by `X-Tenant-ID` and its like. */
  headers?: Record<string, string>;
  /** What sends the requests; the global `fetch` where it is left out. */
  fetch?: (request: Request) => Promise<Response>;
}

export type MillraceClient = Client<paths>;

/**
 * The REST API with the types of its OpenAPI document: `client.GET('/workflows/{workflowId}', { params: { path: { workflowId: 1 } } })`.
 * A call resolves with `data` or with `error`, the problem that the API answers, and always with the `response`; it rejects only where
 * there is no answer.
 */
export function createMillraceClient({ baseUrl, headers = {}, fetch }: MillraceClientOptions): MillraceClient {
  return createClient<paths>({ baseUrl: `${baseUrl}/api/v1`, headers, ...(fetch === undefined ? {} : { fetch }) });
}
