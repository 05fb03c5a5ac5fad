import { readdirSync } from 'node:fs';
import avsc from 'avsc';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyValue } from '../test/avro-values.ts';
import { startSchemaServer } from '../test/schema-server.ts';
import { createCodec, type Topic, topics } from './index.ts';
import { readSchema } from './schema-files.ts';

const schemas = new Map<string, Topic<unknown>>(Object.values(topics).map((topic) => [topic.schemaFile, topic]));
const schemasDir = new URL('../../../schemas/', import.meta.url);

/** The topic as it was read when its schema was this one. */
const asOf = (topic: Topic<unknown>, version: number): Topic<unknown> => ({
  ...topic,
  schemaFile: `history/${topic.schemaFile.replace('.avsc', '')}/${version}.avsc`,
});

function versionsOf({ schemaFile }: Topic<unknown>): number[] {
  const files = readdirSync(new URL(`history/${schemaFile.replace('.avsc', '')}/`, schemasDir));
  return files.map((file) => Number.parseInt(file, 10)).sort((a, b) => a - b);
}

const versions = [...schemas.values()].flatMap((topic) => versionsOf(topic).map((version) => [topic.schemaFile, version, topic] as const));

/** What both know must be the same; what only the reader knows may be anything that its defaults say. */
function expectKept(read: unknown, written: unknown): void {
  if (!isTree(read) || !isTree(written)) return void expect(read).toEqual(written);
  if (Array.isArray(read)) expect(read).toHaveLength((written as unknown as unknown[]).length);
  for (const [key, value] of Object.entries(read)) if (Object.hasOwn(written, key)) expectKept(value, written[key]);
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

async function expectReadable(reader: Topic<unknown>, writer: Topic<unknown>): Promise<void> {
  await using server = await startSchemaServer();
  const codec = createCodec({ url: server.url });
  const { text, schema } = readSchema(writer.schemaFile);
  await fc.assert(
    fc.asyncProperty(anyValue(avsc.Type.forSchema(schema)), async (value) => {
      expectKept(await codec.decode(reader, server.write(text, value)), value);
    }),
    { numRuns: 200 },
  );
}

test('every schema in use is a topic’s', () => {
  expect(readdirSync(schemasDir).filter((file) => file.endsWith('.avsc'))).toEqual([...schemas.keys()].sort());
});

test.each([...schemas])('the versions of %s count from 1, and the newest is the one in use', (schemaFile, topic) => {
  const known = versionsOf(topic);
  expect(known).toEqual(known.map((_, index) => index + 1));
  expect(readSchema(asOf(topic, known.length).schemaFile).text).toBe(readSchema(schemaFile).text);
});

test.each(versions)('what was written with %s, version %i, is read now', (_, version, topic) =>
  expectReadable(topic, asOf(topic, version)),
);

test.each(versions.filter(([, , { compatibility }]) => compatibility === 'FULL_TRANSITIVE'))(
  'what is written with %s now is read by a reader of version %i',
  (_, version, topic) => expectReadable(asOf(topic, version), topic),
);

test('a record that comes up in two unions is read in both as its older schema wrote it', async () => {
  const older = JSON.parse(readSchema(asOf(topics.crmEvents, 1).schemaFile).text, (_, node) =>
    Array.isArray(node) ? node.filter((each) => each?.name !== 'owner_id') : node,
  );
  await using server = await startSchemaServer();
  const codec = createCodec({ url: server.url });
  const lead = { lead_id: 'l1', first_name: 'Ada', last_name: null, email: null, phone: null, company: null };
  const scored = { 'millrace.LeadScored': { ...lead, lead_status: null, lead_score: 80, source: null, tags: ['hot'], custom: {} } };
  const event = {
    ...{ event_id: 'e1', tenant_id: 't1', event_type: 'lead_scored', entity_type: 'lead', entity_id: 'l1', occurred_at: 0 },
    ...{ source: '', bulk_id: null, causation: null, data: scored, previous: scored },
  };
  const read = await codec.decode(topics.crmEvents, server.write(JSON.stringify(older), event));
  const withOwner = { 'millrace.LeadScored': { ...scored['millrace.LeadScored'], owner_id: null } };
  expect(read).toMatchObject({ data: withOwner, previous: withOwner });
});
