import { type CrmEvent, topics, type WorkflowCommand } from '@millrace/messages';
import { aLeadCreated, eventually, readMetric, type ServiceProcess, startTcpProxy } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aDefinition } from './definitions.ts';
import { createMatcherTest, definitionRecord, type MatcherUnderTest } from './matcher-under-test.ts';

let under: MatcherUnderTest;
let matcher: ServiceProcess;
beforeAll(async () => {
  under = await createMatcherTest();
  matcher = await under.start();
});
afterAll(() => under[Symbol.asyncDispose]());

const startOf = ({ command }: WorkflowCommand) => {
  if (!('millrace.StartInstance' in command)) throw new Error('Expected a start, but got another command');
  return command['millrace.StartInstance'];
};

/** Resolves with a tenant's commands once there are so many. */
const commandsOnce = (tenantId: string, count: number) =>
  eventually(async () => {
    const commands = await under.commandsOf(tenantId);
    expect(commands.length).toBeGreaterThanOrEqual(count);
    return commands;
  });

test('an event that is produced again, also with another time, starts the same instance', async () => {
  await under.define([matcher], aDefinition({ tenant_id: 'again' }));
  const event = aLeadCreated({ tenant_id: 'again', event_id: 'event-1' });
  await under.publish(topics.crmEvents, event, event, { ...event, occurred_at: event.occurred_at + 60_000 });
  const commands = await commandsOnce('again', 3);
  expect(new Set(commands.map(({ instance_id }) => instance_id)).size).toBe(1);
  const [first, second] = commands.map(startOf);
  expect(second).toEqual({ ...first, origin_offset: (first?.origin_offset ?? 0) + 1 });
});

test('events of an entity cause their commands in order, on one partition', async () => {
  await under.define([matcher], aDefinition({ tenant_id: 'ordered' }));
  const ids = Array.from({ length: 300 }, (_, at) => `event-${at}`);
  await under.publish(topics.crmEvents, ...ids.map((event_id) => aLeadCreated({ tenant_id: 'ordered', event_id })));
  const commands = await commandsOnce('ordered', ids.length);
  expect(commands.map((command) => startOf(command).triggered_by_value)).toEqual(ids);
  const records = under.commands.records.filter(({ key }) => key?.toString() === 'ordered');
  expect(new Set(records.map(({ partition }) => partition)).size).toBe(1);
});

test('what workflows cause is matched too: their completion, and custom events by prefix', async () => {
  await under.define(
    [matcher],
    aDefinition({
      tenant_id: 'chain',
      workflow_id: 1,
      triggers: [{ type: 'workflow_completed', config: { workflow_id: 7, status: 'completed' } }],
    }),
    aDefinition({ tenant_id: 'chain', workflow_id: 2, triggers: [{ type: 'custom', config: { event_name: 'order.*' } }] }),
  );
  const completed = (workflow_id: number, status: string): CrmEvent => ({
    ...aLeadCreated({ tenant_id: 'chain', event_type: 'workflow_completed', event_id: `completed-${workflow_id}-${status}` }),
    data: { 'millrace.WorkflowCompleted': { workflow_id, instance_id: 'i', status, reason: null } },
  });
  const custom = aLeadCreated({
    tenant_id: 'chain',
    event_type: 'order.paid',
    event_id: 'paid',
    data: { 'millrace.CustomEvent': { fields: {} } },
  });
  await under.publish(topics.workflowEvents, completed(7, 'failed'), completed(8, 'completed'), completed(7, 'completed'), custom);
  const starts = (await commandsOnce('chain', 2)).map(startOf);
  expect(starts.map(({ workflow_id, triggered_by_value, origin_topic }) => [workflow_id, triggered_by_value, origin_topic])).toEqual([
    [1, 'completed-7-completed', 'workflow.events'],
    [2, 'paid', 'workflow.events'],
  ]);
});

test('an event that a workflow waits for is delivered, after its starts; one that nobody waits for is not', async () => {
  await under.define(
    [matcher],
    aDefinition({ tenant_id: 'waits', waits_for: ['order.paid'], triggers: [{ type: 'custom', config: { event_name: 'order.*' } }] }),
  );
  const custom = (event_type: string) =>
    aLeadCreated({ tenant_id: 'waits', event_type, event_id: event_type, data: { 'millrace.CustomEvent': { fields: {} } } });
  await under.publish(topics.crmEvents, custom('order.sent'), custom('order.paid'));
  const commands = await commandsOnce('waits', 3);
  expect(commands.map(({ command }) => Object.keys(command)[0])).toEqual([
    'millrace.StartInstance',
    'millrace.StartInstance',
    'millrace.DeliverEvent',
  ]);
});

test('a disabled, deleted or forgotten workflow starts nothing more', async () => {
  const version = (workflow_id: number, number: number, changes: { enabled?: boolean; deleted?: boolean } = {}) =>
    aDefinition({ tenant_id: 'stopped', workflow_id, version: number, ...changes });
  await under.define([matcher], version(1, 1), version(2, 1), version(3, 1), version(4, 1));
  const tombstone = { ...(await definitionRecord(under.installation, version(3, 1))), value: null };
  await under.define([matcher], version(1, 2, { enabled: false }), version(2, 2, { deleted: true }), tombstone, version(4, 2));
  await under.publish(topics.crmEvents, aLeadCreated({ tenant_id: 'stopped' }));
  const starts = (await commandsOnce('stopped', 1)).map(startOf);
  expect(starts.map(({ workflow_id, workflow_version }) => [workflow_id, workflow_version])).toEqual([[4, 2]]);
});

test('a definition that cannot be read, or that its key does not name, leaves the one before', async () => {
  const definition = aDefinition({ tenant_id: 'broken' });
  const record = await definitionRecord(under.installation, { ...definition, version: 2, enabled: false });
  await under.define([matcher], definition, { ...record, value: Buffer.from('nonsense') }, { ...record, key: 'other/1' });
  await under.publish(topics.crmEvents, aLeadCreated({ tenant_id: 'broken' }));
  expect((await commandsOnce('broken', 1)).map(startOf)).toMatchObject([{ workflow_id: 1, workflow_version: 1 }]);
  expect(await readMetric(matcher, 'millrace_matcher_definitions_rejected_total')).toBe(2);
});

test('a poison record goes to the dead-letter topic, its bytes as they were, and its partition goes on', async () => {
  await under.define([matcher], aDefinition({ tenant_id: 'poison' }));
  const { bus, codec } = under.installation;
  const event = (event_id: string, company = 'canary') => aLeadCreated({ tenant_id: 'poison', event_id }, { company });
  const whole = await codec.encode(topics.crmEvents, event('whole'));
  const unknownId = Buffer.from(whole);
  unknownId.writeInt32BE(0x7fffffff, 1);
  const tags = await codec.encode(topics.crmEvents, aLeadCreated({ tenant_id: 'poison', event_id: 'tags' }, { tags: ['TAG'] }));
  const forged = Buffer.from(tags);
  forged.fill(0xff, tags.indexOf('TAG') - 2, tags.indexOf('TAG') + 3);
  const mismatch = await codec.encode(topics.crmEvents, { ...event('mismatch'), data: { 'millrace.CustomEvent': { fields: {} } } });
  const large = await codec.encode(topics.crmEvents, event('large', 'x'.repeat(256 * 1024)));
  const poison: [string, Buffer | null, string][] = [
    ['empty', Buffer.alloc(0), 'undecodable'],
    ['tombstone', null, 'undecodable'],
    ['wrong magic', Buffer.from('canary nonsense'), 'undecodable'],
    ['unknown schema', unknownId, 'undecodable'],
    ['truncated', whole.subarray(0, -4), 'undecodable'],
    ['trailing bytes', Buffer.concat([whole, Buffer.from('x')]), 'undecodable'],
    ['forged length', forged, 'undecodable'],
    ['branch', mismatch, 'event_branch_mismatch'],
    ['oversize', large, 'event_too_large'],
    ['other tenant', await codec.encode(topics.crmEvents, aLeadCreated({ tenant_id: 'other' })), 'tenant_mismatch'],
  ];
  const at = { topic: topics.crmEvents, tenantId: 'poison', partition: 0 };
  await bus.publish([
    { ...at, value: await codec.encode(topics.crmEvents, event('before')) },
    ...poison.map(([mark, value]) => ({ ...at, value, headers: { mark } })),
    { ...at, value: await codec.encode(topics.crmEvents, event('after')) },
  ]);

  const starts = (await commandsOnce('poison', 2)).map(startOf);
  expect(starts.map(({ triggered_by_value }) => triggered_by_value)).toEqual(['before', 'after']);
  const letters = await eventually(() => {
    const found = under.deadLetters.all().filter(({ key }) => key === 'poison');
    expect(found).toHaveLength(poison.length);
    return found;
  });
  const found = new Map(letters.map(({ mark, value, reason }) => [mark, { value, reason }]));
  for (const [mark, value, reason] of poison) {
    expect(found.get(mark)?.reason, mark).toBe(reason);
    expect(found.get(mark)?.value?.equals(value ?? Buffer.alloc(0)) ?? value, mark).toBe(value === null ? null : true);
  }
  const logged = matcher
    .output()
    .split('\n')
    .filter((line) => line.includes('"dead letter"'));
  expect(logged).toHaveLength(poison.length);
  expect(JSON.parse(logged[0] ?? '{}')).toMatchObject({
    level: 'warn',
    code: 'undecodable',
    topic: 'crm.events',
    partition: 0,
    offset: '1',
  });
  expect(matcher.output()).not.toContain('canary');
});

test('a trace goes on in the commands; a header that is none, of any length, is left out', async () => {
  await under.define([matcher], aDefinition({ tenant_id: 'traced' }));
  const { bus, codec } = under.installation;
  const value = await codec.encode(topics.crmEvents, aLeadCreated({ tenant_id: 'traced', event_id: 'event-1' }));
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const at = { topic: topics.crmEvents, tenantId: 'traced', partition: 0, value };
  await bus.publish([traceparent, 'x'.repeat(5_000), ''].map((text) => ({ ...at, headers: { traceparent: text } })));
  await commandsOnce('traced', 3);
  const records = under.commands.records.filter(({ key }) => key?.toString() === 'traced');
  expect(records.map(({ headers }) => headers.traceparent?.toString())).toEqual([traceparent, undefined, undefined]);
});

test('while the registry is away an event of a schema not seen yet waits, and nothing is dead-lettered for it', async () => {
  await using other = await createMatcherTest();
  await using proxy = await startTcpProxy(other.installation.env.SCHEMA_REGISTRY_URL ?? '');
  const waiting = await other.start({ SCHEMA_REGISTRY_URL: proxy.url });
  proxy.cut();
  const value = await other.installation.codec.encode(topics.crmEvents, aLeadCreated({ tenant_id: 'acme' }));
  await other.installation.bus.publish([{ topic: topics.crmEvents, tenantId: 'other', value }]);
  await eventually(() => expect(waiting.output()).toContain('registry_unavailable'));
  expect(other.deadLetters.all()).toEqual([]);
  proxy.mend();
  await eventually(() => expect(other.deadLetters.all()).toMatchObject([{ reason: 'tenant_mismatch' }]));
});
