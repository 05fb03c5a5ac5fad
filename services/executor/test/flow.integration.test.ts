import type { EventView, LogEntry } from '@millrace/messages';
import { type ActionOverrides, anEventView, aStart, moveWakeAt, sendCommands } from '@millrace/testing';
import { describe, expect, test } from 'vitest';
import { aDelivery, useExecutor } from './executor-under-test.ts';

const under = useExecutor('executor-flow');

const tag = (name: string, overrides: Partial<ActionOverrides> = {}): ActionOverrides => ({
  action_type: 'add_tag',
  action_config: { tag: name },
  name: `tag_${name}`,
  ...overrides,
});
const score = (operator: string, value: number) => [{ field: 'lead_score', operator, value }];
const summary = (entries: readonly LogEntry[]) =>
  entries.map(({ type, action_name, reason }) => [type, action_name, reason].filter((part) => part !== null).join(' '));
/** The tags of an instance, in the order in which the CRM was told of them. */
const tagsOf = async (instanceId: string): Promise<string[]> => {
  const commands = (await under().crm.values()).filter(({ command_id }) => command_id.startsWith(instanceId));
  return commands.map(({ command }) => ('millrace.AddTag' in command ? command['millrace.AddTag'].tag : '?'));
};

describe('a branch', () => {
  const nested: ActionOverrides[] = [
    {
      action_type: 'branch',
      name: 'outer',
      action_config: { branches: [{ name: 'hot', conditions: score('greater_than', 80) }] } as never,
      arms: {
        hot: [
          tag('hot'),
          {
            action_type: 'branch',
            name: 'inner',
            action_config: {
              branches: [{ name: 'vip', conditions: [{ field: 'variables.plan', operator: 'equals', value: 'gold' }] }],
            } as never,
            arms: { vip: [tag('vip')], else: [tag('plain'), { action_type: 'exit', name: 'leave', action_config: { reason: 'no plan' } }] },
          },
        ],
        else: [tag('cold', { delay_seconds: 60 })],
      },
    },
    tag('after'),
  ];

  test('runs the arm whose conditions hold, to any depth, skips the others and says which it took', async () => {
    const version = await under().workflow([
      { action_type: 'set_variable', name: 'plan', action_config: { name: 'plan', value: 'gold' } },
      ...nested,
    ]);
    const id = await under().start(version, { data: { lead_id: 'lead-1', lead_score: 85 } });
    expect(summary(await under().entriesUntil(id, 'instance_completed'))).toEqual([
      'instance_started',
      'action_completed plan',
      'arm_taken outer',
      'action_skipped tag_cold branch_not_taken',
      'action_completed tag_hot',
      'arm_taken inner',
      'action_skipped tag_plain branch_not_taken',
      'action_skipped leave branch_not_taken',
      'action_completed tag_vip',
      'action_completed inner',
      'action_completed outer',
      'action_completed tag_after',
      'instance_completed',
    ]);
    expect(await under().rowWhen(id, { status: 'completed' })).toMatchObject({ progress: 100, executedActions: 4, failedActions: 0 });
    expect(await tagsOf(id)).toEqual(['hot', 'vip', 'after']);
  });

  test('with an exit in its arm ends the instance there', async () => {
    const id = await under().start(await under().workflow(nested), { data: { lead_id: 'lead-1', lead_score: 85 } });
    expect(summary(await under().entriesUntil(id, 'instance_completed')).slice(-5)).toEqual([
      'action_completed tag_plain',
      'action_completed leave',
      'action_cancelled outer instance_completed',
      'action_cancelled inner instance_completed',
      'instance_completed no plan',
    ]);
    expect(await tagsOf(id)).toEqual(['hot', 'plain']);
  });

  test('may hold a delay in its arm, and goes on in it', async () => {
    const id = await under().start(await under().workflow(nested), { data: { lead_id: 'lead-1', lead_score: 10 } });
    await under().rowWhen(id, { status: 'running', waitingFor: 'delay', progress: 0 });
    await moveWakeAt(under().installation, id);
    await under().resume(id);
    await under().entriesUntil(id, 'instance_completed');
    expect(await tagsOf(id)).toEqual(['cold', 'after']);
  });
});

test('a split runs one arm and gives an entity the same one each time', async () => {
  const arms = { a: [tag('a')], b: [tag('b')] };
  const version = await under().workflow([
    {
      action_type: 'split',
      action_config: {
        arms: [
          { name: 'a', weight: 1 },
          { name: 'b', weight: 1 },
        ],
      },
      arms,
    },
  ]);
  const taken = async (entity_id: string, event_id: string) => {
    const id = await under().start(version, { entity_id, event_id, data: { lead_id: entity_id } });
    await under().entriesUntil(id, 'instance_completed');
    return tagsOf(id);
  };
  expect(await taken('lead-7', 'e-1')).toEqual(await taken('lead-7', 'e-2'));
  expect(await taken('lead-7', 'e-1')).toHaveLength(1);
});

describe('a delay', () => {
  test.each<[string, Record<string, unknown>]>([
    ['of seconds', { seconds: 3_600 }],
    ['until a local time', { time: '00:00', timezone: 'Pacific/Apia' }],
    ['until a date of the event', { until: '{{ renewal }}', offset: '-P1D' }],
  ])('%s parks the instance, and a resume goes on with it', async (_, action_config) => {
    const version = await under().workflow([{ action_type: 'delay', name: 'wait', action_config: action_config as never }, tag('late')]);
    const id = await under().start(version, { data: { lead_id: 'lead-1', renewal: '2099-01-01' } });
    const { wakeAtMs } = await under().rowWhen(id, { status: 'running', waitingFor: 'delay' });
    expect(wakeAtMs).toBeGreaterThan(Date.now());
    expect(await tagsOf(id)).toEqual([]);
    await moveWakeAt(under().installation, id);
    await under().resume(id);
    expect(summary(await under().entriesUntil(id, 'instance_completed'))).toEqual([
      'instance_started',
      'wait_started wait',
      'action_completed wait',
      'action_completed tag_late',
      'instance_completed',
    ]);
  });

  test('whose date has passed is skipped or fails where it says so', async () => {
    const past = (on_past: string): ActionOverrides => ({
      action_type: 'delay',
      name: on_past,
      action_config: { until: '2020-01-01', on_past },
      on_error: 'continue',
    });
    const id = await under().start(await under().workflow([past('skip'), past('fail'), past('run_now')]));
    expect(summary(await under().entriesUntil(id, 'instance_completed'))).toEqual([
      'instance_started',
      'action_skipped skip past',
      'action_failed fail',
      'wait_started run_now',
      'action_completed run_now',
      'instance_completed',
    ]);
  });

  test('is not over by a resume that comes early: the executor waits for its own clock', async () => {
    const version = await under().workflow([tag('late', { delay_seconds: 3 })]);
    const id = await under().start(version);
    const { wakeAtMs } = await under().rowWhen(id, { waitingFor: 'delay' });
    await under().resume(id);
    const entries = await under().entriesUntil(id, 'instance_completed');
    expect(entries.find(({ type }) => type === 'action_completed')?.at).toBeGreaterThanOrEqual(wakeAtMs as number);
    expect(summary(entries)).toEqual(['instance_started', 'delay_started tag_late', 'action_completed tag_late', 'instance_completed']);
  });
});

describe('a stale or repeated command', () => {
  test('of a parked instance changes nothing but tells its entries again', async () => {
    const version = await under().workflow([tag('first'), tag('late', { delay_seconds: 3_600 })]);
    const id = await under().start(version);
    const parked = await under().rowWhen(id, { waitingFor: 'delay' });
    await under().start(version);
    for (const row_version of [0, parked.rowVersion - 1, parked.rowVersion + 7])
      await under().send(id, () => ({ 'millrace.ResumeInstance': { row_version } }));
    await under().send(id, () => ({
      'millrace.RetryInstance': { row_version: parked.rowVersion, requested_by: 'user-1', use_latest_version: false },
    }));
    await under().drained();
    expect(await under().row(id)).toEqual(parked);
    expect(await tagsOf(id)).toEqual(['first']);
    const seqs = (await under().log.values())
      .filter(({ instance_id }) => instance_id === id)
      .map(({ entries }) => entries.map(({ seq }) => seq));
    expect(seqs.length).toBeGreaterThan(1);
    expect(new Set(seqs.flat())).toEqual(new Set([1, 2, 3]));
  });

  test('of an instance that has ended has no effect', async () => {
    const version = await under().workflow([tag('only')]);
    const id = await under().start(version);
    const ended = await under().rowWhen(id, { status: 'completed' });
    await under().start(version, { occurred_at: '2026-12-01T00:00:00.000Z' });
    await under().resume(id);
    await under().send(id, () => ({ 'millrace.CancelInstance': { row_version: ended.rowVersion, requested_by: 'user-1', reason: null } }));
    await under().drained();
    expect(await under().row(id)).toEqual(ended);
    expect(await tagsOf(id)).toEqual(['only']);
  });

  test('of an instance that nobody knows is passed over, but a start', async () => {
    const version = await under().workflow([tag('only')]);
    const id = await under().start(version);
    await under().rowWhen(id, { status: 'completed' });
    await under().send(id, () => ({ 'millrace.ResumeInstance': { row_version: 1 } }));
    await under().drained();
    expect(await tagsOf(id)).toEqual(['only']);
  });

  test('of a start while the resume that goes on is on its way has one effect', async () => {
    const version = await under().workflow([tag('late', { delay_seconds: 3_600 })]);
    const id = await under().start(version);
    await under().rowWhen(id, { waitingFor: 'delay' });
    await moveWakeAt(under().installation, id);
    await Promise.all([under().resume(id), under().start(version), under().resume(id), under().resume(id)]);
    await under().drained();
    expect(await tagsOf(id)).toEqual(['late']);
    expect(summary(await under().entriesUntil(id, 'instance_completed'))).toHaveLength(4);
  });
});

describe('a wait for an event', () => {
  const wait = (config: Record<string, unknown> = {}, arms: ActionOverrides['arms'] = {}): ActionOverrides => ({
    action_type: 'wait_for_event',
    name: 'answer',
    action_config: { event_name: 'invoice.paid', timeout: 'P3D', ...config } as never,
    arms,
  });
  const paid = (entity_id: string, amount = 100) => ({ event_type: 'invoice.paid', entity_id, data: { amount } });

  test('is answered by an event that comes while it waits', async () => {
    const version = await under().workflow([
      wait(),
      { action_type: 'add_tag', action_config: { tag: 'paid {{ actions.answer.output.event.data.amount }}' } },
    ]);
    const id = await under().start(version, { entity_id: 'payer-1', data: { lead_id: 'lead-1' } });
    await under().rowWhen(id, { status: 'running', waitingFor: 'event' });
    await under().deliver(version.tenant_id, paid('payer-1', 7));
    await under().entriesUntil(id, 'instance_completed');
    expect(await tagsOf(id)).toEqual(['paid 7']);
  });

  test('is answered by one that came before it', async () => {
    const version = await under().workflow([tag('slow', { delay_seconds: 3_600 }), wait(), tag('paid')]);
    const id = await under().start(version, { entity_id: 'payer-2', data: { lead_id: 'lead-1' } });
    await under().rowWhen(id, { waitingFor: 'delay' });
    await under().deliver(version.tenant_id, paid('payer-2'));
    await under().entriesUntil(id, 'event_received');
    expect(await under().row(id)).toMatchObject({ waitingFor: 'delay' });
    await moveWakeAt(under().installation, id);
    await under().resume(id);
    expect(summary(await under().entriesUntil(id, 'instance_completed')).slice(-4)).toEqual([
      'action_completed tag_slow',
      'action_completed answer',
      'action_completed tag_paid',
      'instance_completed',
    ]);
  });

  test('is answered by one that follows its start at once, in the same fetch', async () => {
    const version = await under().workflow([wait(), tag('paid')]);
    const commands = Array.from({ length: 50 }, (_, index) => {
      const entity_id = `payer-quick-${index}`;
      const start = aStart(version, anEventView({ event_id: `quick-${index}`, entity_id, data: { lead_id: 'lead-1' } }));
      return [start, aDelivery(version.tenant_id, { event_id: `answer-${index}`, ...paid(entity_id) }, 10 + index)];
    });
    await sendCommands(under().installation, commands.flat());
    const ids = commands.map(([start]) => start?.instance_id);
    for (const id of ids) await under().rowWhen(id as string, { status: 'completed' });
  });

  test('is answered once, by the first of the same events, and each of two instances has its own', async () => {
    const actions = [
      wait({ conditions: [{ field: 'amount', operator: 'greater_than', value: 50 }] }),
      wait({ event_name: 'invoice.paid' }),
      tag('twice'),
    ];
    const [, , third] = actions as [ActionOverrides, ActionOverrides, ActionOverrides];
    const version = await under().workflow([actions[0] as ActionOverrides, { ...(actions[1] as ActionOverrides), name: 'again' }, third]);
    const ids = [
      await under().start(version, { entity_id: 'payer-3', event_id: 's-1', data: { lead_id: 'l' } }),
      await under().start(version, { entity_id: 'payer-3', event_id: 's-2', data: { lead_id: 'l' } }),
    ];
    for (const id of ids) await under().rowWhen(id, { waitingFor: 'event' });
    await under().deliver(version.tenant_id, { ...paid('payer-3', 10), event_id: 'small' });
    await under().deliver(version.tenant_id, { ...paid('payer-3', 90), event_id: 'large' });
    await under().deliver(version.tenant_id, { ...paid('payer-3', 90), event_id: 'large' });
    for (const id of ids) {
      const entries = await under().entriesUntil(id, 'instance_completed');
      expect(entries.filter(({ type }) => type === 'event_received')).toHaveLength(2);
      const answers = entries.filter(({ action_type, type }) => action_type === 'wait_for_event' && type === 'action_completed');
      expect(answers.map(({ action_name, detail }) => [action_name, JSON.parse(detail as string).output.event.event_id])).toEqual([
        ['answer', 'large'],
        ['again', 'small'],
      ]);
    }
  });

  test.each<[string, Partial<EventView>, number]>([
    ['of another entity', { entity_id: 'somebody-else' }, 500],
    ['of another name', { event_type: 'invoice.sent' }, 500],
    ['that is its own start', { event_id: 'start-4' }, 500],
    ['from before its start', {}, 99],
  ])('is not answered by an event %s', async (what, event, offset) => {
    const entity_id = `payer-4-${what.replaceAll(' ', '-')}`;
    const version = await under().workflow([wait()]);
    const start = aStart(version, anEventView({ event_id: 'start-4', entity_id, data: { lead_id: 'l' } }));
    Object.assign(start.command['millrace.StartInstance' as never] as object, {
      origin_topic: 'crm.events',
      origin_partition: 0,
      origin_offset: 100,
    });
    await sendCommands(under().installation, [start]);
    const parked = await under().rowWhen(start.instance_id, { waitingFor: 'event' });
    await under().deliver(version.tenant_id, { ...paid(entity_id), ...event }, offset);
    await under().drained();
    expect(await under().row(start.instance_id)).toEqual(parked);
  });

  test.each<[string, Record<string, unknown>, ActionOverrides['arms'], string[]]>([
    ['goes on', {}, {}, ['action_completed answer', 'action_completed tag_next', 'instance_completed']],
    ['fails', { on_timeout: 'fail' }, {}, ['action_failed answer', 'instance_failed wait_timeout']],
    [
      'runs its timeout actions',
      {},
      { timeout: [tag('unpaid')] },
      ['arm_taken answer', 'action_completed tag_unpaid', 'action_completed answer', 'action_completed tag_next', 'instance_completed'],
    ],
  ])('that times out %s', async (what, config, arms, expected) => {
    const version = await under().workflow([wait(config, arms), tag('next')]);
    const id = await under().start(version, { entity_id: `payer-5-${what.length}`, data: { lead_id: 'l' } });
    await under().rowWhen(id, { waitingFor: 'event' });
    await moveWakeAt(under().installation, id);
    await under().resume(id);
    const entries = await under().entriesUntil(id, expected.at(-1)?.split(' ')[0] as string);
    expect(summary(entries).slice(2)).toEqual(expected);
  });

  test('ends with its instance: what comes later finds nobody', async () => {
    const version = await under().workflow([wait(), tag('next')]);
    const id = await under().start(version, { entity_id: 'payer-6', data: { lead_id: 'l' } });
    await under().rowWhen(id, { waitingFor: 'event' });
    await under().send(id, ({ rowVersion }) => ({
      'millrace.CancelInstance': { row_version: rowVersion, requested_by: 'user-1', reason: 'enough' },
    }));
    await under().entriesUntil(id, 'instance_cancelled');
    const [rows] = await under().installation.database.pool.query('SELECT 1 FROM instance_subscriptions WHERE instance_id = unhex(?)', [
      id,
    ]);
    expect(rows).toEqual([]);
    const ended = await under().row(id);
    await under().deliver(version.tenant_id, paid('payer-6'));
    await under().drained();
    expect(await under().row(id)).toEqual(ended);
  });
});
