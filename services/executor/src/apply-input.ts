import { counter, type Logger } from '@millrace/runtime';
import type { Input } from './input.ts';
import { decideCancel, decideEvent } from './instance/decide-input.ts';
import type { Draft } from './instance/draft.ts';

const dropped = counter('millrace_executor_events_dropped_total', 'Delivered events that an inbox did not take, by reason');

/** Adds to a started instance what an input asks for beside going on: a cancel, or an event that it may wait for. */
export function applyInput(draft: Draft, { command: { command }, event }: Input, atMs: number, logger: Logger): void {
  if ('millrace.CancelInstance' in command) {
    const { requested_by: requestedBy, reason, row_version: rowVersion } = command['millrace.CancelInstance'];
    draft.add(decideCancel(draft.state, { requestedBy, reason, rowVersion }, atMs));
  } else if ('millrace.DeliverEvent' in command && event !== null) {
    const { origin_topic: topic, origin_partition: partition, origin_offset: offset } = command['millrace.DeliverEvent'];
    const delivery = decideEvent(draft.state, event, { topic, partition, offset }, atMs);
    if (delivery.kind === 'received' && draft.hasRoomFor(delivery.entries)) draft.add(delivery.entries);
    else if (delivery.kind === 'received' || delivery.reason === 'full') {
      dropped.add(1, { reason: 'full' });
      logger.warn({ instance: draft.row.id, event: event.event_id }, 'an event was dropped, the inbox is full');
    }
  }
}
