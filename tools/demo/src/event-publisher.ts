import { setTimeout as delay } from 'node:timers/promises';
import type { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import kafkajs, { type Kafka, type Message as KafkaMessage } from 'kafkajs';
import { eventRecord } from './crm-event.ts';
import type { Message } from './event-stream.ts';

const batchSize = 500;

export interface PublisherOptions {
  kafka: Kafka;
  registry: SchemaRegistry;
  topicPrefix: string;
  /** Events a second; null: as fast as they go. */
  rate: number | null;
  /** Called when a batch is about to be sent and when the broker has acknowledged it. */
  onSending: (batch: readonly Message[], atMs: number) => void;
  onAcknowledged: (batch: readonly Message[], sentAtMs: number) => void;
}

/** Sends the messages keyed by tenant, in order, batch after batch, and returns when the broker has acknowledged the last one. */
export async function publishMessages(messages: Iterable<Message>, options: PublisherOptions): Promise<void> {
  const topic = `${options.topicPrefix}crm.events`;
  const schemaId = await options.registry.getLatestSchemaId(`${topic}-value`);
  const producer = options.kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
  await producer.connect();
  try {
    const startMs = performance.now();
    let sent = 0;
    for (const batch of batches(
      messages,
      options.rate === null ? batchSize : Math.max(1, Math.min(batchSize, Math.ceil(options.rate / 50))),
    )) {
      if (options.rate !== null) await delay(Math.max(0, startMs + (sent * 1000) / options.rate - performance.now()));
      const records: KafkaMessage[] = [];
      for (const message of batch) records.push(await toRecord(message, options.registry, schemaId));
      const sentAtMs = Date.now();
      options.onSending(batch, sentAtMs);
      await producer.send({ topic, messages: records, acks: -1 });
      sent += batch.length;
      options.onAcknowledged(batch, sentAtMs);
    }
  } finally {
    await producer.disconnect();
  }
}

async function toRecord(message: Message, registry: SchemaRegistry, schemaId: number): Promise<KafkaMessage> {
  const { fact } = message;
  switch (message.kind) {
    case 'event':
      return { key: fact.tenantId, value: await registry.encode(schemaId, eventRecord(fact)) };
    case 'repeat':
      return {
        key: fact.tenantId,
        value: await registry.encode(schemaId, eventRecord(message.restamped ? { ...fact, occurredAtMs: Date.now() } : fact)),
      };
    case 'poison':
      return {
        key: fact.tenantId,
        value: await spoil(message, registry, schemaId),
        headers: { 'demo-poison': `${message.poison}-${message.number}` },
      };
  }
}

async function spoil(message: Extract<Message, { kind: 'poison' }>, registry: SchemaRegistry, schemaId: number): Promise<Buffer> {
  const record = eventRecord(message.fact);
  const encode = (value: Record<string, unknown>) => registry.encode(schemaId, value);
  switch (message.poison) {
    case 'no_avro':
      return Buffer.from(JSON.stringify({ event_id: message.fact.eventId, note: 'JSON on an Avro topic' }));
    case 'empty':
      return Buffer.alloc(0);
    case 'unknown_schema': {
      const bytes = await encode(record);
      bytes.writeInt32BE(2_000_000_000, 1);
      return bytes;
    }
    case 'truncated': {
      const bytes = await encode(record);
      return bytes.subarray(0, Math.floor(bytes.length / 2));
    }
    case 'trailing_bytes':
      return Buffer.concat([await encode(record), Buffer.from('and more')]);
    case 'wrong_tenant':
      return encode({ ...record, tenant_id: `${message.fact.tenantId}-other` });
    case 'wrong_branch':
      return encode({ ...record, event_type: message.fact.type === 'task_completed' ? 'lead_created' : 'task_completed', previous: null });
  }
}

function* batches(messages: Iterable<Message>, size: number): Generator<Message[]> {
  let batch: Message[] = [];
  for (const message of messages) {
    batch.push(message);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
