// A consumer and a producer of kafkajs as its documentation has them: takes the records of one topic and puts the same on another.
// node tools/bench/src/bare-matcher.ts <group> <from> <to>
import { createKafka, parseStackSettings } from '@millrace/demo';

const [groupId, fromTopic, toTopic] = process.argv.slice(2) as [string, string, string];
const kafka = createKafka(parseStackSettings(process.env), 'bare');
const producer = kafka.producer({ allowAutoTopicCreation: false });
const consumer = kafka.consumer({ groupId });
await Promise.all([producer.connect(), consumer.connect()]);
await consumer.subscribe({ topics: [fromTopic], fromBeginning: true });
consumer.on('consumer.group_join', () => process.send?.('joined'));
await consumer.run({
  eachBatch: async ({ batch, resolveOffset }) => {
    await producer.send({ topic: toTopic, acks: -1, messages: batch.messages.map(({ key, value }) => ({ key, value })) });
    for (const { offset } of batch.messages) resolveOffset(offset);
  },
});
