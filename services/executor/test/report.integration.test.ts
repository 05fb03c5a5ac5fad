import { createInstallation, type Installation } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { report } from '../src/effects/report.ts';

let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation('executor-report');
});
afterAll(() => installation[Symbol.asyncDispose]());

const nowMs = Date.parse('2026-11-24T09:00:00.000Z');
const stopping = new AbortController();

/** Reads the day's activity. */
function read(signal: AbortSignal) {
  const effect = report({ database: installation.database, stopping: stopping.signal, email: () => Promise.resolve(null) });
  return effect({
    tenantId: 'acme',
    entityType: 'scheduled_task',
    entityId: '1',
    actionKey: 'key',
    input: { report: 'tenant_activity', period: 'day', timezone: 'UTC', format: 'json' },
    nowMs,
    causation: { root_event_id: 'root-1', depth: 1, workflow_ids: [] },
    traceparent: undefined,
    signal,
  });
}

test('a report that takes too long is left, and its connection with it', async () => {
  const { pool } = installation.database;
  const holder = await pool.getConnection();
  const timeout = new AbortController();
  await holder.query('lock tables workflow_instances write');
  try {
    const reading = read(timeout.signal);
    const sql = 'show processlist';
    await expect
      .poll(async () => JSON.stringify((await holder.query(sql))[0]), { timeout: 10_000 })
      .toContain('SELECT COUNT(*) AS instances');
    timeout.abort();
    await expect(reading).rejects.toMatchObject({ name: 'RetryableError', code: 'interrupted' });
  } finally {
    await holder.query('unlock tables');
    holder.release();
  }
  expect(await read(new AbortController().signal)).toMatchObject({ total: 1, truncated: false });
});

test('a stop takes no connection of those that have read their report', async () => {
  const { pool } = installation.database;
  await read(new AbortController().signal);
  const connections = await Promise.all(Array.from({ length: 3 }, () => pool.getConnection()));
  stopping.abort();
  for (const connection of connections) await connection.query('select 1');
  for (const connection of connections) connection.release();
  await expect(read(new AbortController().signal)).rejects.toMatchObject({ code: 'interrupted' });
});
