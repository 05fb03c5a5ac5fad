import type { OutRecord } from '@millrace/bus';
import { type Codec, topics } from '@millrace/messages';
import { causationOf } from './attempt.ts';
import type { Draft } from './instance/draft.ts';
import type { Entry, InstanceEnded } from './instance/entries.ts';

/**
 * `workflow_completed` for each of these entries that ends the instance, but for the end of one that was refused before it ran. A repeat has
 * the same event id; the end after a retry by hand has another.
 */
export async function createCompletionRecords(
  codec: Codec,
  draft: Draft,
  entries: readonly Entry[],
  traceparent: string | undefined,
): Promise<OutRecord[]> {
  const ends = entries.filter((entry): entry is InstanceEnded => /^instance_(?:completed|failed|cancelled)$/.test(entry.type));
  const records: OutRecord[] = [];
  for (const end of ends) {
    const wasRefused = end.status === 'cancelled' && end.seq === 2;
    if (!wasRefused && draft.row.workflowId !== null) {
      records.push(await createCompletionRecord(codec, draft, draft.row.workflowId, end, traceparent));
    }
  }
  return records;
}

async function createCompletionRecord(
  codec: Codec,
  draft: Draft,
  workflowId: number,
  end: InstanceEnded,
  traceparent: string | undefined,
): Promise<OutRecord> {
  const { row } = draft;
  const retries = draft.journal.filter((entry) => entry.type === 'retry_requested' && entry.seq < end.seq).length;
  const value = await codec.encode(topics.workflowEvents, {
    event_id: retries === 0 ? row.id : `${row.id}~${retries}`,
    tenant_id: row.tenantId,
    event_type: 'workflow_completed',
    entity_type: row.entityType,
    entity_id: row.entityId,
    occurred_at: end.at,
    source: 'workflow',
    bulk_id: null,
    causation: causationOf(draft),
    data: {
      'millrace.WorkflowCompleted': { workflow_id: workflowId, instance_id: row.id, status: end.status, reason: end.reason ?? null },
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
