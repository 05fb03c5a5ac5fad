import { runTool, useMillrace } from '@millrace/testing';
import { afterAll, expect, test } from 'vitest';
import { createWorkload } from './workload.ts';

const leads = 600;
const millrace = useMillrace('rebuild');
const copyName = () => `${new URL(millrace().installation.databaseUrl).pathname.slice(1)}_copy`;

afterAll(() => millrace().installation.database.pool.query('DROP DATABASE IF EXISTS ??', [copyName()]));

interface Table {
  equal: number;
  older: number;
  moving: number;
  differences: unknown[];
}

test('after kills of executor and audit-logger the tables are those that the topic gives, with what the tenant hides', async () => {
  const { api, installation, services } = millrace();
  const settings = { redaction: { fields: ['lead.first_name', 'phone'] } };
  expect((await api('acme').request('PUT', '/tenant-settings', { body: settings })).status).toBe(200);
  await using workload = await createWorkload(millrace(), 'acme', leads);
  for (const [round, service] of (['audit-logger', 'executor'] as const).entries()) {
    await workload.runUntilStarted(((round + 1) * leads) / 4);
    expect(await services.end(service, 'SIGKILL')).toBe('SIGKILL');
    await services.restart(service);
  }
  await workload.publishRest();
  await workload.finish();

  const { code, stdout, stderr } = await runTool('audit-rebuild', ['--into', copyName(), '--json'], installation.env);
  expect(stderr).toBe('');
  const { tables, instances, bad, dropped } = JSON.parse(stdout) as {
    tables: Record<string, Table>;
    instances: number;
    bad: number;
    dropped: number;
  };
  expect([code, instances, bad, dropped]).toEqual([0, leads, 0, 0]);
  for (const [table, { older, moving, differences }] of Object.entries(tables)) {
    expect([table, older, moving, differences]).toEqual([table, 0, 0, []]);
  }
  expect(tables.workflow_execution_logs?.equal).toBe(leads * 6);
  expect(tables.workflow_action_executions?.equal).toBe(leads * 3);
});
