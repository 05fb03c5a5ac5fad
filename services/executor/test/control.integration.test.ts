import { insertInstances } from '@millrace/db';
import { instanceId, type LogEntry, topics } from '@millrace/messages';
import { type ActionOverrides, anEventView, aStart, eventually, insertVersion, moveWakeAt, sendCommands } from '@millrace/testing';
import type { WorkflowVersion } from '@millrace/workflow';
import { describe, expect, test } from 'vitest';
import { aDelivery, useExecutor } from './executor-under-test.ts';

const under = useExecutor('executor-control');

const tag = (name: string, overrides: Partial<ActionOverrides> = {}): ActionOverrides => ({
  action_type: 'add_tag',
  action_config: { tag: name },
  name: `tag_${name}`,
  ...overrides,
});
const summary = (entries: readonly LogEntry[]) =>
  entries.map(({ type, action_name, reason }) => [type, action_name, reason].filter((part) => part !== null).join(' '));
const commandsOf = async (id: string) => (await under().crm.values()).filter(({ command_id }) => command_id.startsWith(id));
const tagsOf = async (id: string) =>
  (await commandsOf(id)).map(({ command }) => ('millrace.AddTag' in command ? command['millrace.AddTag'].tag : '?'));
const eventsOf = async (tenantId: string) => (await under().events.values()).filter(({ tenant_id }) => tenant_id === tenantId);
const cancel = (id: string, reason: string | null = null) =>
  under().send(id, ({ rowVersion }) => ({ 'millrace.CancelInstance': { row_version: rowVersion, requested_by: 'user-1', reason } }));
const retry = (id: string, use_latest_version = false) =>
  under().send(id, ({ rowVersion }) => ({
    'millrace.RetryInstance': { row_version: rowVersion, requested_by: 'user-1', use_latest_version },
  }));
/** Fails before it is sent. */
const incomplete = { url: 'https://hooks.example.com/', body: '{{ lead.nothing }}' };

describe('chaining', () => {
  test('an emitted event carries the causation of its instance, one deeper, and the same bytes whoever sends it again', async () => {
    const version = await under().workflow([
      {
        action_type: 'emit_event',
        action_config: {
          event_name: 'lead.qualified',
          data: { score: '{{ lead.lead_score }}', at: '{{ now }}', deep: { list: [1, 'a', null] } },
        },
      },
    ]);
    const causation = { root_event_id: 'root-1', depth: 2, workflow_ids: [3] };
    const id = await under().start(version, { causation });
    await under().entriesUntil(id, 'instance_completed');
    expect(await eventsOf(version.tenant_id)).toMatchObject([
      {
        event_id: `${id}/${version.actions[0]?.id}`,
        event_type: 'lead.qualified',
        entity_type: 'lead',
        entity_id: 'lead-1',
        source: 'workflow',
        causation: { root_event_id: 'root-1', depth: 3, workflow_ids: [3, version.id] },
        data: {
          'millrace.CustomEvent': {
            fields: { score: { value: 85 }, deep: { value: { list: { value: [{ value: 1 }, { value: 'a' }, { value: null }] } } } },
          },
        },
      },
    ]);
  });

  test('the end of an instance is an event only where some workflow of the tenant listens', async () => {
    const listened = await under().workflow([tag('a')]);
    const alone = await under().workflow([tag('a')]);
    await under().publish(listened, { triggers: ['workflow_completed'] });
    await under().publish(alone, { triggers: ['lead_created'] });
    for (const version of [listened, alone]) await under().entriesUntil(await under().start(version), 'instance_completed');
    await under().drained();
    expect(await eventsOf(alone.tenant_id)).toEqual([]);
    const [event, ...others] = await eventsOf(listened.tenant_id);
    expect(others).toEqual([]);
    const id = instanceId({ tenantId: listened.tenant_id, workflowId: listened.id, kind: 'event', originId: 'event-1' });
    expect(event).toMatchObject({
      event_id: id,
      event_type: 'workflow_completed',
      entity_id: 'lead-1',
      causation: { root_event_id: 'event-1', depth: 1, workflow_ids: [listened.id] },
      data: { 'millrace.WorkflowCompleted': { workflow_id: listened.id, instance_id: id, status: 'completed', reason: null } },
    });
  });

  test('the ends before and after a retry by hand are two events, whatever is published again', async () => {
    const version = await under().workflow([{ action_type: 'http_request', action_config: incomplete }]);
    await under().publish(version, { triggers: ['workflow_completed'] });
    const id = await under().start(version);
    await under().rowWhen(id, { status: 'failed' });
    await retry(id);
    await under().rowWhen(id, { status: 'failed', rowVersion: 4 });
    await under().start(version);
    await under().drained();
    const ids = (await eventsOf(version.tenant_id)).map(({ event_id }) => event_id);
    expect([...new Set(ids)].sort()).toEqual([id, `${id}~1`]);
  });

  test('a started workflow runs for the same entity with the data given, once however often it is told', async () => {
    const target = await under().workflow([
      { action_type: 'add_tag', action_config: { tag: 'score {{ score }} of {{ event.event_type }}', lead_id: '{{ event.entity_id }}' } },
    ]);
    await under().publish(target);
    const starter = await under().workflow(
      [
        {
          action_type: 'start_workflow',
          name: 'go',
          action_config: { workflow_id: target.id, additional_data: { score: '{{ lead.lead_score }}' } },
        },
        tag('{{ actions.go.output.instance_id }}'),
      ],
      {
        tenant_id: target.tenant_id,
      },
    );
    const id = await under().start(starter, { entity_id: 'lead-9' });
    await under().entriesUntil(id, 'instance_completed');
    const [started] = await tagsOf(id);
    expect(started).toMatch(/^[0-9a-f]{32}$/);
    await under().entriesUntil(started as string, 'instance_completed');
    expect(await under().row(started as string)).toMatchObject({
      workflowId: target.id,
      entityId: 'lead-9',
      triggeredBy: 'start_workflow',
    });
    expect(await tagsOf(started as string)).toEqual(['score 85 of start_workflow']);
    expect(JSON.parse((await under().row(started as string))?.journal ?? '')[0].detail.event.causation).toEqual({
      root_event_id: 'event-1',
      depth: 1,
      workflow_ids: [starter.id],
    });
  });

  test('what goes on by a resume joins the trace of the start, and has no other', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const version = await under().workflow([tag('before'), tag('after', { delay_seconds: 3_600 })]);
    const command = aStart(version, anEventView());
    await sendCommands(under().installation, [command], { traceparent });
    const id = command.instance_id;
    await under().rowWhen(id, { waitingFor: 'delay' });
    await moveWakeAt(under().installation, id);
    await under().resume(id);
    await under().entriesUntil(id, 'instance_completed');
    const { codec } = under().installation;
    const logs = await Promise.all(
      under().log.records.map(async ({ value, headers }) => ({ log: await codec.decode(topics.executionLog, value as Buffer), headers })),
    );
    const own = logs.filter(({ log }) => log.instance_id === id);
    expect(own.flatMap(({ log }) => log.entries.map(({ type }) => type))).toContain('instance_completed');
    for (const { log, headers } of own) {
      expect(String(headers.traceparent)).toBe(traceparent);
      expect(JSON.stringify(log)).not.toContain(traceparent);
    }
  });

  test('a workflow that was saved a moment ago, and is not published yet, is started', async () => {
    const target = await under().workflow([tag('at once')]);
    const starter = await under().workflow([{ action_type: 'start_workflow', name: 'go', action_config: { workflow_id: target.id } }], {
      tenant_id: target.tenant_id,
    });
    const entries = await under().entriesUntil(await under().start(starter), 'instance_completed');
    const started = JSON.parse(entries.find(({ action_name }) => action_name === 'go')?.detail ?? '').output.instance_id as string;
    await under().entriesUntil(started, 'instance_completed');
    expect(await tagsOf(started)).toEqual(['at once']);
  });

  const update = (change: string) => (target: WorkflowVersion) =>
    under().installation.database.pool.query(`UPDATE workflows SET ${change} WHERE id = ?`, [target.id]);
  const remove = async ({ id }: WorkflowVersion) => {
    const { pool } = under().installation.database;
    await pool.query('DELETE FROM workflow_versions WHERE workflow_id = ?', [id]);
    await pool.query('DELETE FROM workflows WHERE id = ?', [id]);
  };
  test.each<[string, (target: WorkflowVersion) => Promise<unknown>, string]>([
    ['of another tenant', update("tenant_id = 'somebody-else'"), 'workflow_missing'],
    [
      'of another tenant that is published',
      (target) =>
        under()
          .publish({ ...target, tenant_id: 'somebody-else' })
          .then(() => update("tenant_id = 'somebody-else'")(target)),
      'workflow_missing',
    ],
    ['that is gone', remove, 'workflow_missing'],
    ['that is disabled', (target) => under().publish({ ...target, enabled: false }), 'workflow_disabled'],
    ['that is disabled, and not published yet', update('enabled = 0'), 'workflow_disabled'],
    ['that is deleted', (target) => under().publish(target, { deleted: true }), 'workflow_missing'],
    ['that is deleted, and not published yet', update('deleted_at = now(3)'), 'workflow_missing'],
  ])('a workflow %s is not started: the action fails', async (_, prepare, code) => {
    const target = await under().workflow([]);
    const starter = await under().workflow([{ action_type: 'start_workflow', action_config: { workflow_id: target.id } }], {
      tenant_id: target.tenant_id,
    });
    await prepare(target);
    const entries = await under().entriesUntil(await under().start(starter), 'instance_failed');
    expect(entries[1]).toMatchObject({ type: 'action_failed', error_code: code });
  });

  test.each([
    [7, 'completed', null],
    [8, 'cancelled', 'loop_blocked'],
  ])('a workflow that a cause of depth %i starts is %s', async (depth, status, reason) => {
    const target = await under().workflow([tag('loop')]);
    await under().publish(target);
    const starter = await under().workflow([{ action_type: 'start_workflow', name: 'go', action_config: { workflow_id: target.id } }], {
      tenant_id: target.tenant_id,
    });
    const id = await under().start(starter, { causation: { root_event_id: 'root', depth, workflow_ids: [] } });
    const entries = await under().entriesUntil(id, 'instance_completed');
    const started = JSON.parse(entries.find(({ action_name }) => action_name === 'go')?.detail ?? '').output.instance_id as string;
    const last = (await under().entriesUntil(started, `instance_${status}`)).at(-1);
    expect(last).toMatchObject({ reason });
    expect(await tagsOf(started)).toEqual(status === 'completed' ? ['loop'] : []);
  });
});

test('a workflow that can cause its own trigger starts at most 100 times an hour for one entity; the rest is blocked without effect', async () => {
  const version = await under().workflow([tag('again')]);
  const starts = Array.from({ length: 103 }, (_, index) => aStart(version, anEventView({ event_id: `loop-${index}` })));
  await sendCommands(under().installation, [...starts, ...starts]);
  await under().drained();
  const rows = await Promise.all(starts.map(({ instance_id }) => under().row(instance_id)));
  expect(rows.map((row) => row?.status)).toEqual([...Array(100).fill('completed'), ...Array(3).fill('cancelled')]);
  const last = starts.at(-1)?.instance_id as string;
  expect(summary(await under().entriesUntil(last, 'instance_cancelled'))).toEqual(['instance_started', 'instance_cancelled loop_blocked']);
  expect(await tagsOf(last)).toEqual([]);
});

describe('a row that the API inserted', () => {
  const insert = async (version: WorkflowVersion, wakeAtMs: number, entityId = 'lead-5') => {
    const event = anEventView({ event_id: `request-${entityId}`, event_type: 'api', data: { lead_id: 'lead-5', lead_score: 12 } });
    const id = instanceId({ tenantId: version.tenant_id, workflowId: version.id, kind: 'api', originId: event.event_id });
    const { pool } = under().installation.database;
    const row = {
      id,
      tenantId: version.tenant_id,
      workflowId: version.id,
      workflowVersion: 1,
      scheduledTaskId: null,
      scheduledForMs: null,
      entityType: 'lead',
      entityId,
      triggeredBy: 'lead_id',
      triggeredByValue: 'lead-5',
      status: 'pending' as const,
      progress: 0,
      executedActions: 0,
      failedActions: 0,
      rowVersion: 0,
      journal: '[]',
      publishedSeq: 0,
      wakeAtMs,
      waitingFor: 'start',
      inbox: null,
      startedAtMs: null,
      completedAtMs: null,
      createdAtMs: Date.now(),
    };
    await insertInstances(pool, [row], '0'.repeat(32));
    const start = { event, triggered_by: 'lead_id', triggered_by_value: 'lead-5', trigger_id: null };
    await pool.query('UPDATE workflow_instances SET inbox = ? WHERE id = unhex(?)', [JSON.stringify({ start }), id]);
    return id;
  };

  test('is run from what it holds when its start never came, and the start that comes after all changes nothing', async () => {
    const version = await under().workflow([tag('score {{ lead.lead_score }}')]);
    const id = await insert(version, Date.now());
    await under().resume(id);
    await under().entriesUntil(id, 'instance_completed');
    expect(await under().row(id)).toMatchObject({ inbox: null, triggeredBy: 'lead_id', progress: 100 });
    const late = aStart(version, anEventView());
    await sendCommands(under().installation, [{ ...late, instance_id: id, entity_id: 'lead-5' }]);
    await under().drained();
    expect(await tagsOf(id)).toEqual(['score 12']);
  });

  test('has the events that follow its start at once', async () => {
    const wait = { action_type: 'wait_for_event', action_config: { event_name: 'invoice.paid', timeout: 'PT1H' } };
    const version = await under().workflow([tag('asked'), wait]);
    const entities = Array.from({ length: 20 }, (_, index) => `payer-${index}`);
    const ids = await Promise.all(entities.map((entityId) => insert(version, Date.now() + 60_000, entityId)));
    const commands = entities.flatMap((entity_id, index) => [
      { ...aStart(version, anEventView({ event_id: `request-${entity_id}`, entity_id })), instance_id: ids[index] as string },
      aDelivery(version.tenant_id, { event_id: `paid-${index}`, event_type: 'invoice.paid', entity_id }, 10 + index),
    ]);
    await sendCommands(under().installation, commands);
    for (const id of ids) await under().rowWhen(id, { status: 'completed' });
  });

  test('is cancelled before it has begun, without effect', async () => {
    const id = await insert(await under().workflow([tag('never')]), Date.now() + 60_000);
    await cancel(id, 'changed my mind');
    expect(summary(await under().entriesUntil(id, 'instance_cancelled'))).toEqual([
      'instance_started',
      'cancel_requested changed my mind',
      'instance_cancelled changed my mind',
    ]);
    expect(await tagsOf(id)).toEqual([]);
  });

  test('of a workflow that was disabled meanwhile ends cancelled with the reason', async () => {
    const version = await under().workflow([tag('never')]);
    await under().publish({ ...version, enabled: false });
    const id = await insert(version, Date.now());
    await under().resume(id);
    expect(summary(await under().entriesUntil(id, 'instance_cancelled')).at(-1)).toBe('instance_cancelled workflow_disabled');
  });
});

describe('a cancel', () => {
  test('of a parked instance ends it at once; a second one, and the resume that is due, change nothing', async () => {
    const id = await under().start(await under().workflow([tag('first'), tag('late', { delay_seconds: 3_600 })]));
    const parked = await under().rowWhen(id, { waitingFor: 'delay' });
    await cancel(id, 'a mistake');
    await cancel(id, 'another');
    await under().send(id, () => ({ 'millrace.ResumeInstance': { row_version: parked.rowVersion } }));
    expect(summary(await under().entriesUntil(id, 'instance_cancelled')).slice(-3)).toEqual(
      ['cancel_requested a mistake', 'action_cancelled tag_late', 'instance_cancelled a mistake'].map((line) =>
        line === 'action_cancelled tag_late' ? 'action_cancelled tag_late instance_cancelled' : line,
      ),
    );
    await under().drained();
    expect(await under().row(id)).toMatchObject({ status: 'cancelled', wakeAtMs: null, progress: 50, executedActions: 1 });
    expect(await tagsOf(id)).toEqual(['first']);
  });

  test('meets the due delay: one of the two wins, and there is one end', async () => {
    const ids: string[] = [];
    const version = await under().workflow([tag('late', { delay_seconds: 3_600 })]);
    for (let index = 0; index < 8; index++)
      ids.push(await under().start(version, { event_id: `race-${index}`, entity_id: `race-${index}` }));
    for (const id of ids) {
      await under().rowWhen(id, { waitingFor: 'delay' });
      await moveWakeAt(under().installation, id);
    }
    await Promise.all(ids.flatMap((id, index) => (index % 2 === 0 ? [cancel(id), under().resume(id)] : [under().resume(id), cancel(id)])));
    await under().drained();
    for (const id of ids) {
      const row = await under().row(id);
      const ends = (JSON.parse(row?.journal ?? '[]') as { type: string }[]).filter(({ type }) =>
        /^instance_(completed|cancelled)$/.test(type),
      );
      expect(ends).toHaveLength(1);
      expect(await tagsOf(id)).toEqual(row?.status === 'completed' ? ['late'] : (await tagsOf(id)).slice(0, 1));
    }
  });
});

describe('a retry by hand', () => {
  const failing = (): ActionOverrides => ({ action_type: 'http_request', name: 'call', action_config: incomplete });

  test('on the pinned version tries the failed action again, with a key of its own, and keeps what was done', async () => {
    const version = await under().workflow([tag('first'), failing(), tag('last')]);
    const id = await under().start(version);
    await under().rowWhen(id, { status: 'failed', executedActions: 2, failedActions: 1 });
    await retry(id);
    const entries = await under()
      .entriesUntil(id, 'instance_failed')
      .then(() =>
        eventually(async () => {
          const all = await under().entriesUntil(id, 'instance_failed');
          expect(all).toHaveLength(7);
          return all;
        }),
      );
    expect(summary(entries)).toEqual([
      'instance_started',
      'action_completed tag_first',
      'action_failed call',
      'instance_failed template_missing',
      'retry_requested',
      'action_failed call',
      'instance_failed template_missing',
    ]);
    expect(await under().row(id)).toMatchObject({ executedActions: 2, failedActions: 1, workflowVersion: 1 });
    expect(await tagsOf(id)).toEqual(['first']);
  });

  test('on the latest version goes on with what that says, and the keys of what is new have none of the retry', async () => {
    const version = await under().workflow([tag('first'), failing(), tag('last {{ actions.tag_first.output.command_id }}')]);
    const id = await under().start(version);
    await under().rowWhen(id, { status: 'failed' });
    const [first, call, last] = version.actions as [
      WorkflowVersion['actions'][number],
      WorkflowVersion['actions'][number],
      WorkflowVersion['actions'][number],
    ];
    const repaired = { ...call, action_type: 'add_tag', action_config: { tag: 'repaired' } };
    await insertVersion(under().installation.database.pool, { ...version, version: 2, actions: [first, repaired, last] });
    await retry(id, true);
    await under().entriesUntil(id, 'instance_completed');
    expect(await tagsOf(id)).toEqual(['first', 'repaired', `last ${id}/${first.id}`]);
    expect((await commandsOf(id)).map(({ command_id }) => command_id)).toEqual([
      `${id}/${first.id}`,
      `${id}/${call.id}~1`,
      `${id}/${last.id}`,
    ]);
    expect(await under().row(id)).toMatchObject({ workflowVersion: 2, progress: 100, executedActions: 3, failedActions: 0 });
  });

  test('on a latest version that lacks what is done already is refused, and nothing changes', async () => {
    const version = await under().workflow([tag('first'), failing()]);
    const id = await under().start(version);
    const failed = await under().rowWhen(id, { status: 'failed' });
    await insertVersion(under().installation.database.pool, { ...version, version: 2, actions: version.actions.slice(1) });
    await retry(id, true);
    await under().drained();
    expect(await under().row(id)).toEqual(failed);
  });

  test('that is stale, repeated or overtaken changes nothing; a cancel from before it does not cancel it', async () => {
    const version = await under().workflow([
      tag('first'),
      {
        action_type: 'branch',
        name: 'arms',
        action_config: { branches: [{ name: 'x', conditions: { all: [] } }] } as never,
        arms: { x: [failing()] },
      },
      tag('late', { delay_seconds: 3_600 }),
    ]);
    const id = await under().start(version);
    const failed = await under().rowWhen(id, { status: 'failed' });
    const repaired = version.actions.map((action) =>
      action.name === 'call' ? { ...action, action_type: 'add_tag', action_config: { tag: 'repaired' } } : action,
    );
    await insertVersion(under().installation.database.pool, { ...version, version: 2, actions: repaired });
    const command = { 'millrace.RetryInstance': { row_version: failed.rowVersion, requested_by: 'user-1', use_latest_version: true } };
    await under().send(id, () => ({
      'millrace.RetryInstance': { ...command['millrace.RetryInstance'], row_version: failed.rowVersion - 1 },
    }));
    await Promise.all([under().send(id, () => command), under().send(id, () => command)]);
    const parked = await under().rowWhen(id, { status: 'running', waitingFor: 'delay' });
    await under().send(id, () => command);
    await under().send(id, () => ({ 'millrace.CancelInstance': { row_version: failed.rowVersion, requested_by: 'user-2', reason: null } }));
    await under().drained();
    expect(await under().row(id)).toEqual(parked);
    expect(await tagsOf(id)).toEqual(['first', 'repaired']);
    expect(JSON.parse(parked.journal).filter(({ type }: { type: string }) => type === 'retry_requested')).toHaveLength(1);
    await cancel(id);
    await under().entriesUntil(id, 'instance_cancelled');
  });
});

describe('re-entry', () => {
  const starts = (version: WorkflowVersion, ...eventIds: string[]) =>
    eventIds.map((event_id) => aStart(version, anEventView({ event_id })));
  const statusesOf = async (version: WorkflowVersion, ...eventIds: string[]) =>
    Promise.all(starts(version, ...eventIds).map(async ({ instance_id }) => (await under().row(instance_id))?.status ?? 'none'));

  test('once: the first start of an entity runs, others make no instance, however they are repeated', async () => {
    const version = await under().workflow([tag('welcome')], { re_entry: 'once' });
    const [a, b, c] = starts(version, 'a', 'b', 'c');
    await sendCommands(
      under().installation,
      [a, b, a, c, b, a].filter((start) => start !== undefined),
    );
    await under().drained();
    await sendCommands(
      under().installation,
      [c, a, b].filter((start) => start !== undefined),
    );
    await under().start(version, { event_id: 'd', entity_id: 'another' });
    await under().drained();
    expect(await statusesOf(version, 'a', 'b', 'c')).toEqual(['completed', 'none', 'none']);
    expect(await statusesOf(version, 'd')).toEqual(['completed']);
  });

  test('while_inactive: none while one is live, again once it has ended; what was refused stays refused', async () => {
    const version = await under().workflow([tag('late', { delay_seconds: 3_600 })], { re_entry: 'while_inactive' });
    await sendCommands(under().installation, [...starts(version, 'a', 'b'), ...starts(version, 'b')]);
    await under().drained();
    expect(await statusesOf(version, 'a', 'b')).toEqual(['running', 'none']);
    await cancel((starts(version, 'a')[0] as { instance_id: string }).instance_id);
    await under().drained();
    await sendCommands(under().installation, starts(version, 'b', 'c', 'b'));
    await under().drained();
    expect(await statusesOf(version, 'a', 'b', 'c')).toEqual(['cancelled', 'none', 'running']);
  });

  test('a cool-down: none before its end, whatever became of the last', async () => {
    const version = await under().workflow([tag('now')], { cooldown_seconds: 3_600 });
    await sendCommands(under().installation, starts(version, 'a', 'b', 'a'));
    await under().drained();
    await under().installation.database.pool.query(
      'UPDATE entity_enrolments SET started_at = started_at - INTERVAL 1 HOUR WHERE workflow_id = ?',
      [version.id],
    );
    await sendCommands(under().installation, starts(version, 'b', 'c', 'd'));
    await under().drained();
    expect(await statusesOf(version, 'a', 'b', 'c', 'd')).toEqual(['completed', 'none', 'completed', 'none']);
  });

  test('a start that is blocked enters nothing', async () => {
    const version = await under().workflow([tag('now')], { re_entry: 'once' });
    const [blocked] = starts(version, 'deep') as [ReturnType<typeof aStart>];
    Object.assign(blocked.command['millrace.StartInstance' as never] as object, { blocked: 'loop_blocked' });
    await sendCommands(under().installation, [blocked, ...starts(version, 'a')]);
    await under().drained();
    expect(await statusesOf(version, 'deep', 'a')).toEqual(['cancelled', 'completed']);
  });
});

describe('a definition that changes', () => {
  test('to disabled starts nothing more; what waits goes on', async () => {
    const version = await under().workflow([tag('late', { delay_seconds: 3_600 })]);
    const id = await under().start(version);
    await under().rowWhen(id, { waitingFor: 'delay' });
    await under().publish({ ...version, enabled: false });
    const later = await under().start(version, { event_id: 'later' });
    await moveWakeAt(under().installation, id);
    await under().resume(id);
    await under().entriesUntil(id, 'instance_completed');
    await under().drained();
    expect(await under().row(later)).toBeUndefined();
  });

  test.each([
    ['disabled, what runs being cancelled', { on_disable: 'cancel' }, 'workflow_disabled'],
    ['deleted', { deleted: true }, 'workflow_deleted'],
  ])('to %s: what is live is cancelled at once, wherever it waits', async (_, state, reason) => {
    const version = await under().workflow([tag('first'), tag('late', { delay_seconds: 3_600 })]);
    const waiting = await under().workflow([{ action_type: 'wait_for_event', action_config: { event_name: 'paid', timeout: 'P1D' } }]);
    const ids = [];
    for (let index = 0; index < 5; index++)
      ids.push(await under().start(version, { event_id: `live-${index}`, entity_id: `live-${index}` }));
    for (const id of ids) await under().rowWhen(id, { waitingFor: 'delay' });
    const other = await under().start(waiting);
    await under().publish({ ...version, enabled: false }, state);
    for (const id of ids) {
      expect(summary(await under().entriesUntil(id, 'instance_cancelled')).slice(-3)).toEqual([
        `cancel_requested ${reason}`,
        'action_cancelled tag_late instance_cancelled',
        `instance_cancelled ${reason}`,
      ]);
      expect(await tagsOf(id)).toEqual(['first']);
    }
    expect(await under().row(other)).toMatchObject({ status: 'running' });
  });

  test('while an executor was away: no action starts that is due', async () => {
    const version = await under().workflow([tag('late', { delay_seconds: 3_600 })]);
    const id = await under().start(version);
    await under().rowWhen(id, { waitingFor: 'delay' });
    await under().publish({ ...version, enabled: false }, { deleted: true, publishedAtMs: Date.now() - 2 * 86_400_000 });
    await moveWakeAt(under().installation, id);
    await under().resume(id);
    expect(summary(await under().entriesUntil(id, 'instance_cancelled')).slice(-2)).toEqual([
      'action_cancelled tag_late instance_cancelled',
      'instance_cancelled workflow_deleted',
    ]);
    expect(await tagsOf(id)).toEqual([]);
  });
});

describe('an action that only a newer executor knows', () => {
  const foreign: ActionOverrides[] = [
    tag('before'),
    { action_type: 'send_fax', action_config: { to: '+491701234567' }, name: 'fax' },
    tag('after'),
  ];

  test('is left to it: what comes before is done, then the instance waits, longer each time, and is no dead letter', async () => {
    const version = await under().workflow(foreign);
    const id = await under().start(version);
    const parked = await under().rowWhen(id, { waitingFor: 'turn', status: 'running' });
    expect(await tagsOf(id)).toEqual(['before']);
    await under().resume(id);
    const again = await under().rowWhen(id, { waitingFor: 'turn', rowVersion: parked.rowVersion + 1 });
    expect(again.wakeAtMs).toBeGreaterThan(parked.wakeAtMs ?? 0);
    expect(again.journal).toBe(parked.journal);
    await under().start(version);
    await under().drained();
    expect(under().executor.output()).not.toContain('dead letter');
    expect(under().executor.output()).toContain('an action is unknown here');
  });

  test('can be cancelled', async () => {
    const id = await under().start(await under().workflow(foreign));
    await under().rowWhen(id, { waitingFor: 'turn' });
    await cancel(id);
    await under().rowWhen(id, { status: 'cancelled' });
  });

  test('such as a filter or an operator that is unknown here hinders nothing else of its version', async () => {
    const version = await under().workflow([
      {
        ...tag('{{ lead.email | newest_filter }}', { name: 'filtered' }),
        conditions: [{ field: 'lead_score', operator: 'less_than', value: 0 }],
      },
    ]);
    const other = await under().workflow([tag('fine')], { tenant_id: version.tenant_id });
    await under().rowWhen(await under().start(version), { waitingFor: 'turn' });
    await under().rowWhen(await under().start(other, { event_id: 'other' }), { status: 'completed' });
  });
});
