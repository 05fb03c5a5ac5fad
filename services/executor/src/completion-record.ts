import type { OutRecord } from '@millrace/bus';
import { type Codec, topics } from '@millrace/messages';
import { causationOf } from './attempt.ts';
import type { Draft } from './instance/draft.ts';
import type { Entry, InstanceEnded } from './instance/entries.ts';

/**
 * `workflow_completed` for entries that end the instance; null for others, and for an instance that was refused before it ran. A repeat has
 * the same event id; the end after a retry by hand has another.
 */
export async function createCompletionRecord(
  codec: Codec,
  draft: Draft,
  entries: readonly Entry[],
  traceparent: string | undefined,
): Promise<OutRecord | null> {
  const { row, state } = draft;
  const end = entries.find((entry): entry is InstanceEnded => /^instance_(?:completed|failed|cancelled)$/.test(entry.type));
  const wasRefused = end?.status === 'cancelled' && end.seq === 2;
  if (end === undefined || wasRefused || row.workflowId === null) return null;
  const value = await codec.encode(topics.workflowEvents, {
    event_id: state.retries === 0 ? row.id : `${row.id}~${state.retries}`,
    tenant_id: row.tenantId,
    event_type: 'workflow_completed',
    entity_type: row.entityType,
    entity_id: row.entityId,
    occurred_at: end.at,
    source: 'workflow',
    bulk_id: null,
    causation: causationOf(draft),
    data: {
      'millrace.WorkflowCompleted': { workflow_id: row.workflowId, instance_id: row.id, status: end.status, reason: end.reason ?? null },
    },
    previous: null,
  });
  return {
    topic: topics.workflowEvents,
    tenantId: row.tenantId,
    entityType: row.entityType,
    entityId: row.entityId,
    value,
    ...(traceparent === undefined ? {} : { headers: { traceparent } }),
  };
}
