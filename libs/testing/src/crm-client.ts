import { createKafka, createRegistry, type StackSettings } from '@millrace/demo';
import type { CrmEvent } from '@millrace/messages';
import kafkajs, { type IHeaders, type Message } from 'kafkajs';

/** A CRM's own producer: an ordinary client with its default partitioner, which knows nothing of Millrace but topics and schemas. */
export interface CrmClient extends AsyncDisposable {
  /** Resolved once the brokers have acknowledged all. */
  publish(events: readonly CrmEvent[], headers?: IHeaders): Promise<void>;
  encode(event: CrmEvent): Promise<Buffer>;
  /** Any bytes on any topic, named without the installation's prefix. Answers each partition's offset of the first message on it. */
  send(topic: string, messages: Message[]): Promise<Map<number, number>>;
}

export async function connectCrm(settings: StackSettings): Promise<CrmClient> {
  const registry = createRegistry(settings);
  const schemaId = await registry.getLatestSchemaId(`${settings.TOPIC_PREFIX}crm.events-value`);
  const producer = createKafka(settings, 'test-crm').producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  const encode = (event: CrmEvent) => registry.encode(schemaId, event);
  const send = async (topic: string, messages: Message[]) => {
    const sent = await producer.send({ topic: `${settings.TOPIC_PREFIX}${topic}`, messages, acks: -1 });
    return new Map(sent.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]));
  };
  return {
    encode,
    send,
    async publish(events, headers = {}) {
      const encoded = events.map(async (event) => ({ key: event.tenant_id, value: await encode(event), headers }));
      await send('crm.events', await Promise.all(encoded));
    },
    [Symbol.asyncDispose]: () => producer.disconnect(),
  };
}
