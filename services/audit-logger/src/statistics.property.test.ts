import type { ActionStatRow, WorkflowStatRow } from '@millrace/db';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instanceOf } from '../test/log-entries.ts';
import { aRandomLife, itemsOfLife } from '../test/random-lives.ts';
import { foldActionStats } from './action-stats.ts';
import { foldInstanceStats } from './instance-stats.ts';
import { type LogItem, orderItems } from './log-item.ts';

/** Lives, and the order in which their entries are delivered: some twice, instances mixed, cut into batches. */
const aDelivery = fc
  .array(aRandomLife, { minLength: 1, maxLength: 12 })
  .chain((lives) => {
    const items = lives.flatMap((life, index) => itemsOfLife(life, instanceOf(index + 1), [7, 8, 9]));
    const places = fc.shuffledSubarray(
      items.flatMap((item) => [item, item]),
      { minLength: items.length },
    );
    return fc.tuple(fc.constant(items), places, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }));
  })
  .map(([items, delivered, sizes]) => ({ items, batches: cut([...delivered, ...items], sizes) }));

function cut(items: LogItem[], sizes: number[]): LogItem[][] {
  const batches: LogItem[][] = [];
  for (let at = 0, turn = 0; at < items.length; turn += 1) {
    const size = sizes[turn % sizes.length] as number;
    batches.push(items.slice(at, at + size));
    at += size;
  }
  return batches;
}

const nameOf = ({ header, entry }: LogItem) => `${header.instance_id}/${entry.seq}`;

/** What the tables would hold: each batch is sorted, and what is known is taken out before it is counted. */
function written(batches: LogItem[][]): { instances: WorkflowStatRow[]; actions: ActionStatRow[] } {
  const known = new Set<string>();
  const sums = { instances: new Map<string, WorkflowStatRow>(), actions: new Map<string, ActionStatRow>() };
  for (const batch of batches) {
    const fresh = orderItems(batch).filter((item) => !known.has(nameOf(item)));
    for (const item of fresh) known.add(nameOf(item));
    for (const { started, completed, failed, cancelled, retried, ...key } of foldInstanceStats(fresh)) {
      const row = sums.instances.get(JSON.stringify(key)) ?? { ...key, started: 0, completed: 0, failed: 0, cancelled: 0, retried: 0 };
      row.started += started;
      row.completed += completed;
      row.failed += failed;
      row.cancelled += cancelled;
      row.retried += retried;
      sums.instances.set(JSON.stringify(key), row);
    }
    for (const { entries, durationMs, ...key } of foldActionStats(fresh)) {
      const row = sums.actions.get(JSON.stringify(key)) ?? { ...key, entries: 0, durationMs: 0 };
      row.entries += entries;
      row.durationMs += durationMs;
      sums.actions.set(JSON.stringify(key), row);
    }
  }
  return { instances: [...sums.instances.values()], actions: [...sums.actions.values()] };
}

const sum = <Row>(rows: readonly Row[], of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0);
const count = (items: readonly LogItem[], type: string) => items.filter(({ entry }) => entry.type === type).length;

test('however entries are delivered, the roll-ups are a count over them', () => {
  fc.assert(
    fc.property(aDelivery, ({ items, batches }) => {
      const { instances, actions } = written(batches);
      for (const row of instances) {
        const lengthMs = { hour: 3_600_000, day: 86_400_000, all: Number.POSITIVE_INFINITY }[row.period];
        const own = items.filter(
          ({ header, entry }) =>
            header.tenant_id === row.tenantId &&
            (row.workflowId === 0 || (header.workflow_id === row.workflowId && header.workflow_version === row.version)) &&
            entry.at >= row.startsAtMs &&
            entry.at < row.startsAtMs + lengthMs,
        );
        expect(row).toMatchObject({
          started: own.filter(({ entry }) => entry.seq === 1).length,
          completed: count(own, 'instance_completed'),
          failed: count(own, 'instance_failed'),
          cancelled: count(own, 'instance_cancelled'),
          retried: count(own, 'retry_requested'),
        });
      }
      for (const period of ['hour', 'day', 'all']) {
        const ofPeriod = instances.filter((row) => row.period === period && row.workflowId === 0);
        expect(sum(ofPeriod, ({ started }) => started)).toBe(items.filter(({ entry }) => entry.seq === 1).length);
        expect(sum(ofPeriod, ({ retried }) => retried)).toBe(count(items, 'retry_requested'));
      }
      const ofWorkflows = items.filter(({ header }) => header.workflow_id !== null);
      for (const [type, outcome] of [
        ['action_completed', 'completed'],
        ['action_failed', 'failed'],
        ['action_skipped', 'skipped'],
        ['action_unknown', 'unknown'],
        ['attempt_failed', 'retried'],
        ['arm_taken', 'arm'],
      ] as const) {
        const rows = actions.filter((row) => row.outcome === outcome && row.actionId !== 0);
        expect(
          sum(rows, ({ entries }) => entries),
          type,
        ).toBe(count(ofWorkflows, type));
      }
      const completed = ofWorkflows.filter(({ entry }) => entry.type === 'action_completed' || entry.type === 'instance_completed');
      expect(sum(actions, ({ durationMs }) => durationMs)).toBe(sum(completed, ({ entry }) => entry.duration_ms ?? 0));
    }),
    { numRuns: 300 },
  );
});

test('current statuses follow from the counts, also of what was retried by hand', () => {
  fc.assert(
    fc.property(aDelivery, ({ items, batches }) => {
      const { instances } = written(batches);
      for (const { tenantId, started, completed, failed, cancelled, retried } of instances.filter(
        ({ period, workflowId }) => period === 'all' && workflowId === 0,
      )) {
        const last = new Map<string, string | null>();
        for (const { header, entry } of items) {
          if (header.tenant_id === tenantId && entry.action_id === null && entry.status !== null)
            last.set(header.instance_id, entry.status);
        }
        const byStatus = Object.groupBy(last.values(), (status) => status as string);
        expect({
          running: started + retried - completed - failed - cancelled,
          completed,
          failed: failed - retried,
          cancelled,
        }).toEqual({
          running: byStatus.running?.length ?? 0,
          completed: byStatus.completed?.length ?? 0,
          failed: byStatus.failed?.length ?? 0,
          cancelled: byStatus.cancelled?.length ?? 0,
        });
      }
    }),
    { numRuns: 300 },
  );
});
