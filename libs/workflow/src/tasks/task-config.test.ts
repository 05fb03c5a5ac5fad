import { expect, test } from 'vitest';
import { type ScheduledTaskType, taskConfigSchemas } from './task-config.ts';

const faultsOf = (type: ScheduledTaskType, config: unknown): string[] => {
  const parsed = taskConfigSchemas[type].safeParse(config);
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
};

test.each<[ScheduledTaskType, object]>([
  ['workflow', { workflow_id: 7, triggered_by: 'lead_id', triggered_by_value: 12, additional_data: { lead_score: 3 } }],
  ['action', { action_type: 'http_request', action_config: '{"method":"POST","url":"https://hooks.example.com/a"}', timeout_seconds: 20 }],
  [
    'action',
    { action_type: 'send_email', action_config: { to: '{{ data.to }}', subject: 'Hi', text: 'Hi' }, data: { to: 'a@example.com' } },
  ],
  ['report', { report: 'failures' }],
  ['report', { report: 'tenant_activity', period: { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' }, format: 'csv' }],
  ['cleanup', { target: 'instances', older_than_days: 8 }],
  ['cleanup', { target: 'execution_logs', older_than_days: 30, statuses: ['running', 'skipped'], workflow_id: 7 }],
])('of type %s: %j is taken', (type, config) => {
  expect(faultsOf(type, config)).toEqual([]);
});

test('a report is about the last day in UTC and is JSON unless said, its addresses are a list', () => {
  expect(taskConfigSchemas.report.parse({ report: 'failures', email_to: 'Ops@Example.com' })).toMatchObject({
    period: 'day',
    timezone: 'UTC',
    format: 'json',
    email_to: [expect.stringMatching(/@example\.com$/i)],
  });
});

test.each<[ScheduledTaskType, object, string[]]>([
  ['workflow', {}, ['workflow_id']],
  ['workflow', { workflow_id: 0 }, ['workflow_id']],
  ['action', { action_type: 'delay', action_config: { seconds: 5 } }, ['action_type']],
  ['action', { action_type: 'report', action_config: {} }, ['action_type']],
  ['action', { action_type: 'send_sms', action_config: { to: 'nobody' } }, ['action_config.to', 'action_config.body']],
  ['action', { action_type: 'add_tag', action_config: { lead_id: 'l', tag: '{{ a' } }, ['action_config.tag']],
  ['action', { action_type: 'add_tag', action_config: { lead_id: 'l', tag: 't' }, timeout_seconds: 21 }, ['timeout_seconds']],
  ['report', { report: 'sales' }, ['report']],
  ['report', { report: 'failures', timezone: 'UTC+2' }, ['timezone']],
  ['report', { report: 'failures', timezone: 'local' }, ['timezone']],
  ['report', { report: 'failures', period: 'year' }, ['period']],
  ['report', { report: 'failures', email_to: 'a@example.com, b@example.com' }, ['email_to']],
  ['report', { report: 'failures', email_to: 'a@example.com\nBcc: b@example.com' }, ['email_to']],
  ['report', { report: 'failures', format: 'xml', colour: 1 }, ['format', '']],
  ['cleanup', { target: 'instances', older_than_days: 7 }, ['older_than_days']],
  ['cleanup', { target: 'instances', older_than_days: 8.5 }, ['older_than_days']],
  ['cleanup', { target: 'workflows', older_than_days: 8 }, ['target']],
  ['cleanup', { target: 'instances', older_than_days: 8, statuses: [] }, ['statuses']],
  ['cleanup', { target: 'instances', older_than_days: 8, statuses: ['running'] }, ['statuses.0']],
  ['cleanup', { target: 'instances', older_than_days: 8, statuses: ['failed', 'skipped'] }, ['statuses.1']],
  ['cleanup', { target: 'scheduled_executions', older_than_days: 8, workflow_id: 7 }, ['workflow_id']],
])('of type %s: %j has its fault named', (type, config, paths) => {
  expect(faultsOf(type, config)).toEqual(paths);
});

test.each([
  ['ends before it begins', { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }],
  ['is empty', { from: '2026-02-01T00:00:00Z', to: '2026-02-01T00:00:00Z' }],
  ['lasts over 366 days', { from: '2025-01-01T00:00:00Z', to: '2026-01-03T00:00:00Z' }],
  ['has no end', { from: '2025-01-01T00:00:00Z' }],
  ['is of no dates', { from: 'yesterday', to: 'today' }],
])('a range that %s is refused', (_, period) => {
  expect(faultsOf('report', { report: 'failures', period })).not.toEqual([]);
});
