import type { DeadLetterSummary } from '@millrace/db';

/** A letter as `--json` answers it. */
export function letterView(letter: DeadLetterSummary) {
  return {
    id: letter.id,
    tenant_id: letter.tenantId,
    origin_topic: letter.originTopic,
    origin_partition: letter.originPartition,
    origin_offset: letter.originOffset,
    reason: letter.reason,
    message: letter.message,
    service: letter.service,
    value_bytes: letter.valueBytes,
    dead_lettered_at: isoTime(letter.deadLetteredAtMs),
    state: letter.state,
    replays: letter.replays,
    replayed_at: letter.replayedAtMs === null ? null : isoTime(letter.replayedAtMs),
    discarded_at: letter.discardedAtMs === null ? null : isoTime(letter.discardedAtMs),
  };
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** `crm.events/3/41`. */
export function placeOf({ originTopic, originPartition, originOffset }: DeadLetterSummary): string {
  return `${originTopic}/${originPartition}/${originOffset}`;
}
