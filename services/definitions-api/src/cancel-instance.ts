import { z } from 'zod';
import { sendToInstance } from './instance-command.ts';
import type { InstanceRow, InstanceView } from './instance-view.ts';
import { Problem } from './problem.ts';
import type { Reply } from './route.ts';
import type { Services } from './services.ts';
import type { State } from './state.ts';

export const cancelRequestSchema = z.strictObject({ reason: z.string().trim().min(1).max(64).optional() });

const ended = new Set(['completed', 'failed', 'cancelled']);

/** Asks the executor to cancel an instance as it is now; 409 where it has ended. */
export function cancelInstance(
  row: InstanceRow,
  { reason = null }: { reason?: string | null | undefined },
  { identity }: Pick<State, 'identity'>,
  services: Services,
): Promise<Reply<InstanceView>> {
  if (ended.has(row.status)) {
    throw new Problem(409, 'instance_ended', `Expected an instance that is pending or running, but it is ${row.status}`);
  }
  const cancel = { row_version: row.rowVersion, requested_by: identity.userId ?? 'api', reason };
  return sendToInstance(row, identity.tenantId, { 'millrace.CancelInstance': cancel }, services);
}
