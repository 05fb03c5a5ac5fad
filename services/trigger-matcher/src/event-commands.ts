import { headerText, type InRecord, type OutRecord } from '@millrace/bus';
import { type Codec, topics, type WorkflowCommand } from '@millrace/messages';
import { TerminalError } from '@millrace/runtime';
import { decideCommands, isTooDeep } from './decide-commands.ts';
import type { TriggerIndex } from './index/trigger-index.ts';
import { metrics } from './metrics.ts';
import { readEvent } from './read-event.ts';
import { reasonOfUnknown } from './reason-of-unknown.ts';

interface Dependencies {
  codec: Codec;
  index: TriggerIndex;
}

/** Room for the key and headers of a command. */
const overheadBytes = 1_024;
const traceparentPattern = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * The commands that an event causes, encoded one at a time: a large event may start thousands of workflows. Throws
 * TerminalError for what never will be an event or a command, RetryableError while the registry is away.
 */
export async function* createEventCommands(record: InRecord, { codec, index }: Dependencies): AsyncGenerator<OutRecord> {
  const { tenantId, event } = await readEvent(codec, record);
  const { matched, unknown } = index.match(tenantId, event, record.timestampMs);
  for (const [reason, triggers] of Map.groupBy(unknown, (trigger) => reasonOfUnknown(trigger, event))) {
    metrics.unknown.add(triggers.length, { reason });
  }
  const origin = { topic: record.topic, partition: record.partition, offset: Number(record.offset) };
  const traceparent = headerText(record, 'traceparent') ?? '';
  // A header of any length comes from the outside; it must not make a command too large.
  const headers = traceparentPattern.test(traceparent) ? { headers: { traceparent } } : {};
  const commands = decideCommands({ tenantId, event, origin, matched, awaited: index.isAwaited(tenantId, event.event_type) });
  if (isTooDeep(event)) metrics.blocked.add(matched.length, { reason: 'loop_blocked' });
  for (const command of commands) {
    yield {
      topic: topics.workflowCommands,
      tenantId,
      entityType: command.entity_type,
      entityId: command.entity_id,
      value: await encodeCommand(codec, command),
      ...headers,
    };
  }
}

async function encodeCommand(codec: Codec, command: WorkflowCommand): Promise<Buffer> {
  const value = await codec.encode(topics.workflowCommands, command);
  const mostBytes = topics.workflowCommands.maxMessageBytes - overheadBytes;
  if (value.length > mostBytes)
    throw new TerminalError('event_too_large', `Expected a command of at most ${mostBytes} bytes, but it has ${value.length}`);
  return value;
}
