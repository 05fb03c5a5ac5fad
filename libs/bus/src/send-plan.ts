import { partitionFor, partitionForTenant } from '@millrace/messages';
import { TerminalError } from '@millrace/runtime';
import type { Message, TopicMessages } from 'kafkajs';
import { type OutRecord, sizeOfHeaders } from './record.ts';

export interface SendPlanOptions {
  topicPrefix: string;
  spread: number;
  /** Nobody but the brokers can tell whether the records fit. */
  isCompressed?: boolean;
}

/** kafkajs groups quadratically by partition. */
const mostMessages = 500;
/** The broker's limit is for all records that a send holds for a partition. */
const mostBytes = 768 * 1024;
const recordOverheadBytes = 100;

export function partitionOf({ topic, tenantId, entityType, entityId, partition }: OutRecord, spread: number): number {
  if (partition !== undefined) return partition;
  const { partitions } = topic;
  if (topic.cleanupPolicy === 'compact' || entityType === undefined || entityId === undefined)
    return partitionForTenant(tenantId, partitions);
  return partitionFor({ tenantId, entityType, entityId, spread, partitions });
}

function sizeOf({ key, value, headers }: Message): number {
  return recordOverheadBytes + (key?.length ?? 0) + (value?.length ?? 0) + sizeOfHeaders(headers);
}

/**
 * The sends that carry the records, each as kafkajs takes it: all first parts of the partitions, then all second ones. The order within
 * a partition is kept. Throws TerminalError `message_too_large`, before anything is sent, where a record alone is over its topic's limit.
 */
export function planSends(
  records: readonly OutRecord[],
  { topicPrefix, spread, isCompressed = false }: SendPlanOptions,
): TopicMessages[][] {
  const fill = new Map<string, { round: number; messages: number; bytes: number }>();
  const rounds: Map<string, Message[]>[] = [];
  for (const record of records) {
    const topic = `${topicPrefix}${record.topic.name}`;
    const partition = partitionOf(record, spread);
    const message: Message = {
      partition,
      key: record.key === undefined ? record.tenantId : record.key,
      value: record.value,
      ...(record.headers === undefined ? {} : { headers: record.headers }),
    };
    const bytes = sizeOf(message);
    if (bytes > record.topic.maxMessageBytes && !isCompressed) {
      throw new TerminalError(
        'message_too_large',
        `Expected at most ${record.topic.maxMessageBytes} bytes on ${topic}, but a record has ${bytes}`,
      );
    }
    const slot = `${topic}/${partition}`;
    const at = fill.get(slot) ?? { round: 0, messages: 0, bytes: 0 };
    if (at.messages > 0 && (at.messages >= mostMessages || at.bytes + bytes > mostBytes)) {
      at.round += 1;
      at.messages = 0;
      at.bytes = 0;
    }
    at.messages += 1;
    at.bytes += bytes;
    fill.set(slot, at);
    const round = rounds[at.round] ?? new Map<string, Message[]>();
    rounds[at.round] = round;
    const messages = round.get(topic);
    if (messages === undefined) round.set(topic, [message]);
    else messages.push(message);
  }
  return rounds.map((round) => [...round].map(([topic, messages]) => ({ topic, messages })));
}
