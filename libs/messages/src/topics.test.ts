import { expect, test } from 'vitest';
import { deadLetterTopic, type Topic, topics } from './index.ts';
import { readSchema } from './schema-files.ts';

const table: Topic<unknown>[] = Object.values(topics);
const dayMs = 24 * 60 * 60 * 1_000;

test.each([
  ['crm.events', 12, 7 * dayMs, 'BACKWARD_TRANSITIVE'],
  ['workflow.events', 12, 7 * dayMs, 'BACKWARD_TRANSITIVE'],
  ['workflow.definitions', 3, -1, 'BACKWARD_TRANSITIVE'],
  ['workflow.commands', 12, 7 * dayMs, 'BACKWARD_TRANSITIVE'],
  ['workflow.execution-log', 12, 7 * dayMs, 'FULL_TRANSITIVE'],
  ['crm.commands', 12, 7 * dayMs, 'BACKWARD_TRANSITIVE'],
])('%s has %i partitions and keeps its records for %i ms, %s', (name, partitions, retentionMs, compatibility) => {
  expect(table.find((topic) => topic.name === name)).toMatchObject({ partitions, retentionMs, compatibility });
});

test('only the definitions are compacted', () => {
  const compacted = table.filter(({ cleanupPolicy }) => cleanupPolicy === 'compact');
  expect(compacted.map(({ name }) => name)).toEqual(['workflow.definitions']);
});

test.each(table)('the schema of $name is a record of our namespace', ({ schemaFile }) => {
  expect(readSchema(schemaFile).schema).toMatchObject({ type: 'record', namespace: 'millrace' });
});

test.each(table)('the dead letters of $name are kept for 30 days, never compacted, with room for the reason', (topic) => {
  expect(deadLetterTopic(topic)).toEqual({
    ...topic,
    name: `${topic.name}.dead-letter`,
    cleanupPolicy: 'delete',
    retentionMs: 30 * dayMs,
    maxMessageBytes: topic.maxMessageBytes + 64 * 1024,
  });
});
