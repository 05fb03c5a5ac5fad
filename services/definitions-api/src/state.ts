import type { SqlEntityManager } from '@mikro-orm/mysql';
import type { Logger } from '@millrace/runtime';

export type Role = (typeof roles)[number];
/** Each may do what those before it may. */
export const roles = ['viewer', 'editor', 'operator', 'admin'] as const;

export interface Identity {
  tenantId: string;
  userId: string | null;
  role: Role;
}

/** What the middleware has found out about a request by the time a route sees it. */
export interface State {
  requestId: string;
  logger: Logger;
  identity: Identity;
  /** Sees this tenant's rows only. */
  em: SqlEntityManager;
}
