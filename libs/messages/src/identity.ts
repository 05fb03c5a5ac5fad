import { createHash } from 'node:crypto';

export interface InstanceOrigin {
  tenantId: string;
  /** 0 for a task: `originId` then is `<task id>@<due at, ms>`. */
  workflowId: number;
  kind: 'event' | 'api' | 'task';
  /** The event's id, the request's id, or the occurrence. */
  originId: string;
}

/**
 * The id of the one instance that an origin starts: 32 hexadecimal digits. Neither time nor version nor trigger is part of it, so that
 * an event that is produced again finds its instance. Lengths are hashed with the parts: no two tuples read the same.
 */
export function instanceId({ tenantId, workflowId, kind, originId }: InstanceOrigin): string {
  const hash = createHash('sha256');
  for (const part of [tenantId, String(workflowId), kind, originId]) {
    hash.update(`${Buffer.byteLength(part)}:`).update(part);
  }
  return hash.digest('hex').slice(0, 32);
}

/** Names an action of an instance to the world, the same in all automatic attempts; `retry` counts the retries by hand. */
export function actionKey(instance: string, actionId: number, retry = 0): string {
  return retry === 0 ? `${instance}/${actionId}` : `${instance}/${actionId}~${retry}`;
}
