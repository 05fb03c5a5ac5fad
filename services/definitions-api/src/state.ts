import type { SqlEntityManager } from '@mikro-orm/mysql';
import type { Logger } from '@millrace/runtime';

export type Role = (typeof roles)[number];
/** Each may do what those before it may. */
export const roles = ['viewer', 'editor', 'operator', 'admin'] as const;

export interface Identity {
  tenantId: string;
  userId: string | null;
  role: Role;
  /** What an API key is limited to, as `<resource>:read` and `<resource>:write`; null: all that the role may do. */
  scopes: readonly string[] | null;
  /** `shell`: an operator beside the API. */
  authenticatedBy: 'headers' | 'jwt' | 'api_key' | 'shell';
}

/** What the middleware has found out about a request by the time a route sees it. */
export interface State {
  requestId: string;
  logger: Logger;
  identity: Identity;
  /** Sees this tenant's rows only. */
  em: SqlEntityManager;
}
