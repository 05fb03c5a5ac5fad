import { type InRecord, startConsumer } from '@millrace/bus';
import { type CrmEvent, eventView, topics } from '@millrace/messages';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, eventually, startApi } from './api-under-test.ts';

let api: ApiUnderTest;
const arrived: { key: string; partition: number; event: CrmEvent }[] = [];
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  api = stack.use(await startApi());
  const { bus, codec } = api;
  stack.use(
    await startConsumer({
      bus,
      groupId: `${bus.options.topicPrefix}events-test`,
      topics: [topics.crmEvents],
      onRecords: async (records: readonly InRecord[]) => {
        for (const record of records) {
          const event = await codec.decode(topics.crmEvents, record.value);
          arrived.push({ key: String(record.key), partition: record.partition, event });
          record.done();
        }
      },
    }),
  );
});
afterAll(() => stack.disposeAsync());

const post = (body: unknown, tenant = 'tenant-123') => api.request('POST', '/events', { tenant, body });
const arrivalOf = (eventId: string) => eventually(async () => arrived.find(({ event }) => event.event_id === eventId));
const lead = (eventId: string, overrides: Record<string, unknown> = {}) => ({
  event_type: 'lead_created',
  event_id: eventId,
  data: { lead_id: 'lead-1', lead_score: 85 },
  ...overrides,
});

test('an event reaches crm.events as the CRM’s own producer would write it', async () => {
  const answer = await post(lead('single-1', { occurred_at: '2026-11-24T10:00:00Z', source: 'import', bulk_id: 'b1' }));
  expect(answer).toMatchObject({ status: 202, body: { accepted: 1, results: [{ status: 'accepted', event_id: 'single-1' }] } });
  const { key, event } = await arrivalOf('single-1');
  expect(key).toBe('tenant-123');
  expect(eventView(event)).toMatchObject({
    event_type: 'lead_created',
    entity_type: 'lead',
    entity_id: 'lead-1',
    occurred_at: '2026-11-24T10:00:00.000Z',
    source: 'import',
    bulk_id: 'b1',
    data: { lead_id: 'lead-1', lead_score: 85 },
  });
});

test('an event without an id gets one', async () => {
  const { body } = await post({ event_type: 'order.paid', entity_type: 'order', entity_id: 'o1', data: { total: 5 } });
  const { event } = await arrivalOf(body.results[0].event_id);
  expect(event.data).toEqual({ 'millrace.CustomEvent': { fields: { total: { value: 5 } } } });
});

test('each event of a list has its own result, and the bad ones do not stop the others', async () => {
  const answer = await post([
    lead('list-1'),
    { event_type: 'lead_created', data: {} },
    7,
    lead('list-2', { tenant_id: 'x' }),
    lead('list-3'),
  ]);
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ accepted: 2, rejected: 3, unavailable: 0 });
  expect(answer.body.results.map(({ status }: { status: string }) => status)).toEqual([
    'accepted',
    'rejected',
    'rejected',
    'rejected',
    'accepted',
  ]);
  expect(answer.body.results[1].errors[0]).toMatchObject({ path: 'data.lead_id' });
  expect(answer.body.results[3]).toMatchObject({ event_id: 'list-2', errors: [{ path: 'tenant_id' }] });
  await arrivalOf('list-3');
  expect(arrived.some(({ event }) => event.event_id === 'list-2')).toBe(false);
});

test('a single bad event is a 422 that names every fault', async () => {
  const answer = await post(lead('bad-1', { data: { lead_id: 'l', lead_score: 'high' }, occurred_at: 'now' }));
  expect(answer.status).toBe(422);
  expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual(['occurred_at', 'data.lead_score']);
});

test.each([
  ['no event', []],
  ['over 1,000 events', Array.from({ length: 1_001 }, (_, index) => lead(`many-${index}`))],
  ['a number', 5],
])('%s are refused as a whole', async (_, body) => {
  expect((await post(body)).status).toBe(422);
  expect(arrived.some(({ event }) => event.event_id.startsWith('many-'))).toBe(false);
});

test('1,000 events of one entity keep their order on one partition', async () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => `order-${index}`);
  expect((await post(ids.map((id) => lead(id)))).body.accepted).toBe(1_000);
  await arrivalOf('order-999');
  const ordered = arrived.filter(({ event }) => event.event_id.startsWith('order-'));
  expect(ordered.map(({ event }) => event.event_id)).toEqual(ids);
  expect(new Set(ordered.map(({ partition }) => partition)).size).toBe(1);
});

test('an event over 256 KB is refused', async () => {
  const data = { lead_id: 'l', custom: { text: 'x'.repeat(270_000) } };
  expect(await post([lead('large', { data })])).toMatchObject({
    status: 202,
    body: { rejected: 1, results: [{ errors: [{ code: 'event_too_large' }] }] },
  });
});

test('a viewer may not send events', async () => {
  const answer = await api.request('POST', '/events', { body: lead('viewer'), headers: { 'X-User-Role': 'viewer' } });
  expect(answer.status).toBe(403);
});

test('without Kafka events are a 503 that asks to send them again', async () => {
  await using away = await startApi({ isKafkaAway: true });
  const answer = await away.request('POST', '/events', { body: [lead('away')] });
  expect(answer).toMatchObject({ status: 503, body: { code: 'kafka_unavailable' } });
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
});
