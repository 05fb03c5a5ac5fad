import { setTimeout as delay } from 'node:timers/promises';
import { parseStackSettings, startLogTail } from '@millrace/demo';
import { startMillrace } from '@millrace/testing';
import { createPool } from 'mysql2/promise';
import { atMost, type Benchmark, createResult } from './benchmark.ts';
import { quantile, round } from './statistics.ts';
import { leadEvents, logRows, logRowsOfW, workflowW } from './workload.ts';

const perSecond = 50;
const seconds = 30;
const warmUp = 200;
const tenantId = 'bench';

/** W at 50 a second, open loop: from an event's sending to its last log row, as a reader of the table sees it. */
export const latency: Benchmark = {
  summary: `W at ${perSecond} a second for ${seconds} s: from the event sent to its last log row`,
  async run({ stackEnv }) {
    const env = await stackEnv();
    await using millrace = await startMillrace('bench-latency', { stackEnv: env });
    await millrace.publishWorkflow(tenantId, workflowW);
    const pool = createPool(parseStackSettings({ ...env, ...millrace.installation.env }).DATABASE_URL);
    await using tail = await startLogTail(pool, [tenantId]);
    const events = leadEvents(tenantId, warmUp + perSecond * seconds);
    const sentAtMs: number[] = [];
    const startedAt = performance.now();
    for (const [number, event] of events.entries()) {
      await delay(Math.max(0, startedAt + (number * 1_000) / perSecond - performance.now()));
      sentAtMs.push(Date.now());
      void millrace.crm.publish([event]);
    }
    await logRows(millrace, tenantId, events.length * logRowsOfW, 0, 60_000);
    await tail.catchUp();
    const [instances] = await pool.query(
      'SELECT LOWER(HEX(id)) AS id, triggered_by_value AS event FROM workflow_instances WHERE tenant_id = ?',
      [tenantId],
    );
    const numberByEvent = new Map(events.map((event, number) => [event.event_id, number]));
    const latencies = (instances as { id: string; event: string }[]).flatMap(({ id, event }) => {
      const number = numberByEvent.get(event) ?? 0;
      return number < warmUp ? [] : [(tail.lastSeenAtMsBy.get(id) ?? Number.POSITIVE_INFINITY) - (sentAtMs[number] as number)];
    });
    await pool.end();
    const figures = { p50_ms: round(quantile(latencies, 0.5), 1), p99_ms: round(quantile(latencies, 0.99), 1), events: latencies.length };
    return createResult('latency', figures, [atMost('p50 in ms', figures.p50_ms, 15), atMost('p99 in ms', figures.p99_ms, 60)]);
  },
};
