import specs from '@asyncapi/specs';
import { labelDeadLetter } from '@millrace/bus';
import { deadLetterTopic, logEntryTypes, readSchema, type Topic, topics } from '@millrace/messages';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { createAsyncApi } from './document.ts';

const document = createAsyncApi('test.');
const json = JSON.parse(JSON.stringify(document)) as typeof document;
const table: Topic<unknown>[] = Object.values(topics).flatMap((topic: Topic<unknown>) => [topic, deadLetterTopic(topic)]);

interface Channel {
  address: string;
  messages: Record<string, { $ref: string }>;
  bindings: { kafka: { topic: string; partitions: number; topicConfiguration: Record<string, unknown> } };
  'x-subject'?: string;
  'x-compatibility'?: string;
}
const channels = Object.values(json.channels) as unknown as Channel[];
const channelOf = ({ name }: Topic<unknown>) => channels.find(({ address }) => address === `test.${name}`);

const at = (pointer: string): unknown =>
  pointer
    .slice(2)
    .split('/')
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], json);

// The official schema brings the meta-schema that it is written in.
const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true, meta: false, validateSchema: false }).compile(
  specs.schemas['3.0.0'] as object,
);

test('the document is valid AsyncAPI 3.0', () => {
  validate(json);
  expect(validate.errors ?? []).toEqual([]);
});

test.each<[string, (broken: typeof document) => void]>([
  ['a version that there is not', (broken) => void Object.assign(broken, { asyncapi: '9.0.0' })],
  ['an action that there is not', ({ operations }) => void Object.assign(operations['send-executionLog'] as object, { action: 'push' })],
  [
    'a schema that is no Avro',
    ({ components }) => void Object.assign(components.schemas.CrmEvent as object, { schema: { type: 'rekord' } }),
  ],
])('and would not be with %s', (_, breakIt) => {
  const broken = structuredClone(json);
  breakIt(broken);
  expect(validate(broken)).toBe(false);
});

test('every reference in it leads somewhere', () => {
  const references = [...JSON.stringify(json).matchAll(/"\$ref":"(#[^"]+)"/g)].map(([, pointer]) => pointer as string);
  expect(references.length).toBeGreaterThan(20);
  expect(references.filter((pointer) => typeof at(pointer) !== 'object')).toEqual([]);
});

test('it has every topic and every dead-letter topic, and nothing else; the execution log comes first', () => {
  expect(channels.map(({ address }) => address).sort()).toEqual(table.map(({ name }) => `test.${name}`).sort());
  expect(channels[0]?.address).toBe('test.workflow.execution-log');
});

test.each(table)('what it says of $name is what the table of topics says', (topic) => {
  expect(channelOf(topic)?.bindings.kafka).toMatchObject({
    topic: `test.${topic.name}`,
    partitions: topic.partitions,
    topicConfiguration: {
      'cleanup.policy': [topic.cleanupPolicy],
      'retention.ms': topic.retentionMs,
      'max.message.bytes': topic.maxMessageBytes,
    },
  });
});

test.each(Object.values(topics) as Topic<unknown>[])('records of $name are described by the schema that they are written with', (topic) => {
  const channel = channelOf(topic);
  expect(channel).toMatchObject({ 'x-subject': `test.${topic.name}-value`, 'x-compatibility': topic.compatibility });
  const [message] = Object.values(channel?.messages ?? {}).map(({ $ref }) => at($ref) as { payload: { $ref: string } });
  expect(at(message?.payload.$ref ?? '#/')).toEqual({
    schemaFormat: 'application/vnd.apache.avro+json;version=1.9.0',
    schema: readSchema(topic.schemaFile).schema,
  });
});

test('the types of entries are in it, with an example each', () => {
  const message = json.components.messages.executionLogRecord as { 'x-entry-types': unknown };
  expect(message['x-entry-types']).toEqual(JSON.parse(JSON.stringify(logEntryTypes)));
});

test('the headers of a dead letter are those that services write', () => {
  const headers = labelDeadLetter(
    { topic: 'crm.events', partition: 0, offset: '1', headers: {} },
    { reason: 'undecodable', message: '', service: 'executor', topicPrefix: '' },
  );
  const { properties } = (json.components.messages.deadLetter as { headers: { properties: object } }).headers;
  expect(Object.keys(properties).sort()).toEqual([...Object.keys(headers), 'traceparent'].sort());
});
