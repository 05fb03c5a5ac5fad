import type { Bus, InRecord, OutRecord } from '@millrace/bus';
import { type Codec, topics, type WorkflowCommand } from '@millrace/messages';
import { RetryableError, TerminalError } from '@millrace/runtime';
import { decideCommands } from './decide-commands.ts';
import type { TriggerIndex } from './index/trigger-index.ts';
import { metrics } from './metrics.ts';
import { readEvent } from './read-event.ts';
import { reasonOfUnknown } from './reason-of-unknown.ts';

interface Dependencies {
  bus: Bus;
  codec: Codec;
  index: TriggerIndex;
}

interface DeadLetter {
  record: InRecord;
  reason: string;
  message: string;
}

/**
 * Handles a batch: all commands in one send, bad records to the dead-letter topic, and only then the offsets. Throws
 * RetryableError while Kafka or the registry is away; safe to repeat, as the same events give the same commands.
 */
export async function matchBatch(records: readonly InRecord[], dependencies: Dependencies): Promise<void> {
  const current = records.filter((record) => !record.assignment.isRevoked());
  const out: OutRecord[] = [];
  const deadLetters: DeadLetter[] = [];
  let matched = 0;
  for (const record of current) {
    try {
      const commands = await matchRecord(record, dependencies);
      if (commands.length > 0) matched++;
      out.push(...commands);
    } catch (error) {
      if (error instanceof RetryableError) throw error;
      const reason = error instanceof TerminalError ? error.code : 'unprocessable';
      deadLetters.push({ record, reason, message: error instanceof Error ? error.message : String(error) });
    }
  }
  if (out.length > 0) await dependencies.bus.publish(out);
  await Promise.all(deadLetters.map(({ record, reason, message }) => dependencies.bus.deadLetter(record, reason, message)));
  for (const record of records) record.done();
  metrics.events.add(current.length);
  metrics.matched.add(matched);
  metrics.unmatched.add(current.length - matched - deadLetters.length);
  metrics.commands.add(out.length);
  for (const { reason } of deadLetters) metrics.deadLettered.add(1, { reason });
}

async function matchRecord(record: InRecord, { codec, index }: Dependencies): Promise<OutRecord[]> {
  const { tenantId, event } = await readEvent(codec, record);
  const { matched, unknown } = index.match(tenantId, event, record.timestampMs);
  for (const trigger of unknown) metrics.unknown.add(1, { reason: reasonOfUnknown(trigger, event) });
  const origin = { topic: record.topic, partition: record.partition, offset: Number(record.offset) };
  const commands = decideCommands({ tenantId, event, origin, matched, awaited: index.isAwaited(tenantId, event.event_type) });
  const out: OutRecord[] = [];
  for (const command of commands) out.push(await encodeCommand(codec, command, record));
  return out;
}

async function encodeCommand(codec: Codec, command: WorkflowCommand, { headers: { traceparent } }: InRecord): Promise<OutRecord> {
  const encoded = codec.encode(topics.workflowCommands, command);
  const value = encoded instanceof Promise ? await encoded : encoded;
  if (value.length > topics.workflowCommands.maxMessageBytes - 1024) {
    throw new TerminalError(
      'event_too_large',
      `Expected a command of at most ${topics.workflowCommands.maxMessageBytes} bytes, but it has ${value.length}`,
    );
  }
  return {
    topic: topics.workflowCommands,
    tenantId: command.tenant_id,
    entityType: command.entity_type,
    entityId: command.entity_id,
    value,
    ...(traceparent === undefined ? {} : { headers: { traceparent } }),
  };
}
