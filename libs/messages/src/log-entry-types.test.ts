import avsc from 'avsc';
import { expect, test } from 'vitest';
import { completeLogEntry, type LogEntryType, logEntryTypes } from './log-entry-types.ts';
import { readSchema } from './schema-files.ts';
import { topics } from './topics.ts';

const log = avsc.Type.forSchema(readSchema(topics.executionLog.schemaFile).schema);
const types: [string, LogEntryType][] = Object.entries(logEntryTypes);

test.each(types)('the example of %s fits the schema and says what its type promises', (type, { example, statusOf, detail }) => {
  const entry = completeLogEntry(example);
  const record = {
    ...{ tenant_id: 'acme', instance_id: '0'.repeat(32), workflow_id: 1, workflow_version: 1, entity_type: 'lead', entity_id: 'lead-1' },
    ...{ scheduled_task_id: null, scheduled_for: null, entries: [entry] },
  };
  expect(log.fromBuffer(log.toBuffer(record))).toEqual(record);
  expect(entry.type).toBe(type);
  expect(entry.status === null).toBe(statusOf === 'none');
  const keys = entry.detail === null ? [] : Object.keys(JSON.parse(entry.detail));
  expect(keys.filter((key) => !Object.hasOwn(detail, key))).toEqual([]);
  expect(keys.length > 0).toBe(Object.keys(detail).length > 0);
});
