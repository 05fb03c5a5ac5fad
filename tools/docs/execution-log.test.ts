import { readFileSync } from 'node:fs';
import { type LogEntryType, logEntryTypes, readSchema, topics } from '@millrace/messages';
import { actionTypes, tenantSettingsSchema } from '@millrace/workflow';
import { expect, test } from 'vitest';
import { codesIn, readDocument, root, tableOf } from './documents.ts';

const page = readDocument('docs/execution-log.md');
const types: [string, LogEntryType][] = Object.entries(logEntryTypes);

interface Field {
  name: string;
  type: { items: { fields: Field[] } };
}
const { fields } = readSchema(topics.executionLog.schemaFile).schema as unknown as { fields: Field[] };
const entryFields = fields.find(({ name }) => name === 'entries')?.type.items.fields ?? [];

/** What the page has below a heading, up to the next. */
function sectionOf(heading: string): { file: string; text: string } {
  const from = page.text.indexOf(`\n${heading}\n`);
  if (from < 0) throw new Error(`Expected ${heading} on the page, but it is not`);
  const text = page.text.slice(from + heading.length + 2);
  const level = heading.split(' ')[0] ?? '';
  const end = text.search(new RegExp(`^#{1,${level.length}} `, 'm'));
  return { file: page.file, text: end < 0 ? text : text.slice(0, end) };
}

test('the page has every type of entry, in order, and no others', () => {
  const headings = [...sectionOf('## The types of entries').text.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(types.map(([type]) => `\`${type}\``));
});

test.each(types)('the page says of %s what the contract says', (type, { meaning, statusOf, detail, example }) => {
  const { file, text } = sectionOf(`### \`${type}\``);
  expect(text).toContain(meaning);
  expect(text).toContain(statusOf === 'none' ? 'It has no `status`.' : `\`status\` is the ${statusOf}'s.`);
  const rows = Object.keys(detail).length === 0 ? [] : tableOf({ file, text }, 'in `detail`');
  expect(rows).toEqual(Object.entries(detail).map(([key, about]) => [`\`${key}\``, about]));
  expect(JSON.parse(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? 'null')).toEqual(example);
});

test.each([
  ['## A record', fields],
  ['## An entry', entryFields],
])('the fields below "%s" are those of the schema', (heading, expected) => {
  const named = tableOf(sectionOf(heading), 'field').flatMap(([name = '']) => codesIn(name));
  expect(named).toEqual(expected.map(({ name }) => name));
});

test('topic, subject, partitions, retention and compatibility are those of the topic', () => {
  const { name, partitions, retentionMs, compatibility, maxMessageBytes, schemaFile } = topics.executionLog;
  const rows = Object.fromEntries(
    sectionOf('## A record')
      .text.split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, head, about]) => [head, about]),
  );
  expect(rows.topic).toMatch(new RegExp(`^\`${name}\`.*; ${partitions} partitions$`));
  expect(rows.subject).toMatch(new RegExp(`^\`${name}-value\`, ${compatibility}; .*\`schemas/${schemaFile}\``));
  expect(rows.kept).toBe(`${retentionMs / 86_400_000} days`);
  expect(rows.size).toContain(`${maxMessageBytes / 1_048_576} MiB`);
});

test('what action types hide is on the page, and so are the settings', () => {
  const { text } = sectionOf('## What is cut and what is hidden');
  for (const { type, hides } of Object.values(actionTypes)) {
    if (hides.contents !== undefined) expect(text).toContain(`\`${type}\``);
    for (const place of hides.contents ?? []) {
      const [side, key] = place.split('.');
      if (side === 'input' && place !== 'input.attachments.content' && type !== 'http_request') expect(text).toContain(`\`${key}\``);
    }
  }
  for (const name of Object.keys(tenantSettingsSchema.parse({}).redaction)) expect(text).toContain(`redaction.${name}`);
});

test('what it shows of the example in Python is what the example does', () => {
  const example = readFileSync(`${root}tools/example-consumer/consumer.py`, 'utf8');
  const shown = /```python\n([\s\S]*?)```/.exec(page.text)?.[1] ?? '';
  const statements = [
    'consumer.commit(asynchronous=False)',
    'with database:',
    'consumer.consume(500, timeout=1.0)',
    'decode(message.value()',
  ];
  for (const statement of statements) expect([shown.includes(statement), example.includes(statement)]).toEqual([true, true]);
});
