import type { SqlEntityManager } from '@mikro-orm/mysql';
import { AuditEntry } from '@millrace/db';
import type { State } from '../state.ts';

export interface AuditedChange {
  action: string;
  resourceType: string;
  resourceId: string | null;
  path: string;
  before: unknown;
  after: unknown;
  at: Date;
}

/** Writes down who changed what, in the transaction of `em` where there is one. */
export async function recordChange(
  em: SqlEntityManager,
  { identity, requestId }: Pick<State, 'identity' | 'requestId'>,
  change: AuditedChange,
): Promise<void> {
  await em.insert(AuditEntry, {
    tenantId: identity.tenantId,
    action: change.action,
    resourceType: change.resourceType,
    resourceId: change.resourceId,
    path: change.path,
    userId: identity.userId,
    role: identity.role,
    authenticatedBy: identity.authenticatedBy,
    requestId,
    stateBefore: change.before,
    stateAfter: change.after,
    createdAt: change.at,
  });
}
