import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Millrace, startMillrace } from '@millrace/testing';
import type { RowDataPacket } from 'mysql2/promise';
import { atMost, type Benchmark, createResult } from './benchmark.ts';
import { quantile, round } from './statistics.ts';
import { leadEvents, publishAll, workflowW } from './workload.ts';

const smallTenants = Array.from({ length: 20 }, (_, number) => `small-${number}`);

/** Twenty tenants at one event a second: alone, then beside one with many events of 2 KB and one whose endpoint never answers. */
export const hotTenant: Benchmark = {
  summary:
    '20 tenants at 1 event/s for --seconds, beside --burst queued instances of one tenant and --stuck before an endpoint that never answers',
  sizes: { seconds: 60, burst: 100_000, stuck: 5_000 },
  async run({ stackEnv, say, size }) {
    const seconds = size('seconds');
    const silent = await startSilentServer();
    const origin = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const env = { HTTP_ALLOWED_ORIGINS: origin, TENANT_EVENTS_PER_SECOND: '100000' };
    await using millrace = await startMillrace('bench-hot', { stackEnv: await stackEnv(), env });
    for (const tenantId of [...smallTenants, 'large']) await millrace.publishWorkflow(tenantId, workflowW);
    await millrace.publishWorkflow('stuck', {
      ...workflowW,
      actions: [{ action_type: 'http_request', action_config: { url: `${origin}/never` }, timeout_seconds: 10 }],
    });
    const quiet = await startLatencies(millrace, seconds, say);
    const large = leadEvents('large', size('burst'), 'x'.repeat(1_800));
    await publishAll(millrace, leadEvents('stuck', size('stuck')));
    const [beside] = await Promise.all([startLatencies(millrace, seconds, say), publishAll(millrace, large, 250)]);
    silent.closeAllConnections();
    silent.close();
    const figures = {
      alone_p50_ms: round(quantile(quiet, 0.5), 1),
      alone_p99_ms: round(quantile(quiet, 0.99), 1),
      beside_p50_ms: round(quantile(beside, 0.5), 1),
      beside_p99_ms: round(quantile(beside, 0.99), 1),
      events: beside.length,
    };
    return createResult('hot-tenant', figures, [
      atMost('p99 start latency of the small tenants in ms', figures.beside_p99_ms, Math.max(1_000, figures.alone_p99_ms * 2)),
    ]);
  },
};

/** From the event sent to the instance created, by the two clocks of one machine; in ms. */
async function startLatencies(millrace: Millrace, seconds: number, say: (line: string) => void): Promise<number[]> {
  const sentAtMsBy = new Map<string, number>();
  const startedAt = performance.now();
  for (let second = 0; second < seconds; second += 1) {
    await delay(Math.max(0, startedAt + second * 1_000 - performance.now()));
    const events = smallTenants.flatMap((tenantId) => leadEvents(tenantId, 1));
    const now = Date.now();
    for (const event of events) sentAtMsBy.set(event.event_id, now);
    void millrace.crm.publish(events);
  }
  const { pool } = millrace.installation.database;
  for (let tries = 0; ; tries += 1) {
    const [rows] = await pool.query<(RowDataPacket & { event: string; started: Date })[]>(
      'SELECT triggered_by_value AS event, started_at AS started FROM workflow_instances WHERE tenant_id IN (?) AND started_at IS NOT NULL',
      [smallTenants],
    );
    const seen = rows.filter(({ event }) => sentAtMsBy.has(event));
    if (seen.length === sentAtMsBy.size) return seen.map(({ event, started }) => started.getTime() - (sentAtMsBy.get(event) as number));
    if (tries % 10 === 0) say(`${seen.length} of ${sentAtMsBy.size} started`);
    await delay(1_000);
  }
}

/** Takes requests and never answers. */
async function startSilentServer(): Promise<Server> {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
