import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json.ts';
import { checkScheduledTask, type ScheduledTaskRequest } from './scheduled-task-request.ts';

/** The body of the original specification, word for word. */
const seedBody = `{
  "name": "Daily Lead Scoring",
  "type": "workflow",
  "config": "{\\"workflow_id\\": 1}",
  "schedule": "0 9 * * *",
  "enabled": true,
  "max_retries": 3
}`;

const aTask = (overrides: JsonObject = {}): JsonObject => ({
  name: 'Daily',
  type: 'workflow',
  config: { workflow_id: 1 },
  schedule: '0 9 * * *',
  ...overrides,
});

function accepted(input: unknown): ScheduledTaskRequest {
  const checked = checkScheduledTask(input);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return checked.value;
}

function faultsOf(input: unknown): string[] {
  const checked = checkScheduledTask(input);
  if (checked.ok) return [];
  for (const { message } of checked.errors) expect(message).toMatch(/^Expected .+, but /);
  return checked.errors.map(({ path, code }) => `${path} ${code}`);
}

test('the seed’s task is accepted, its config in a JSON text becomes an object', () => {
  expect(accepted(JSON.parse(seedBody))).toEqual({
    name: 'Daily Lead Scoring',
    type: 'workflow',
    config: { workflow_id: 1 },
    schedule: '0 9 * * *',
    timezone: 'UTC',
    enabled: true,
    overlap_policy: 'skip',
    misfire_policy: 'skip',
    misfire_max: null,
    catch_up_window_seconds: 86_400,
    jitter_seconds: 0,
    start_at: null,
    end_at: null,
    max_retries: 3,
    retry_delay_seconds: 60,
    dst: null,
  });
});

test.each<[JsonObject, Partial<ScheduledTaskRequest>]>([
  [{ schedule: ' @daily ' }, { schedule: '@daily' }],
  [
    { timezone: 'Europe/Berlin', dst: { gap: 'skip' } },
    { timezone: 'Europe/Berlin', dst: { gap: 'skip' } },
  ],
  [
    { start_at: '2026-11-24T10:00:00+02:00', end_at: '2026-12-24' },
    { start_at: '2026-11-24T08:00:00.000Z', end_at: '2026-12-24T00:00:00.000Z' },
  ],
  [
    { misfire_policy: 'fire_all', misfire_max: 10, overlap_policy: 'allow' },
    { misfire_policy: 'fire_all', misfire_max: 10, overlap_policy: 'allow' },
  ],
  [
    { config: { workflow_id: 1, triggered_by: 'lead_id', triggered_by_value: 789 } },
    { config: { workflow_id: 1, triggered_by: 'lead_id', triggered_by_value: '789' } },
  ],
])('%j is accepted', (overrides, expected) => {
  expect(accepted(aTask(overrides))).toMatchObject(expected);
});

describe('faults', () => {
  test.each<[JsonObject, string[]]>([
    [{ name: '' }, ['name too_small']],
    [{ type: 'job' }, ['type unknown_task_type']],
    [{ type: 'constructor' }, ['type unknown_task_type']],
    [{ type: 5 }, ['type invalid_type']],
    [{ config: {} }, ['config.workflow_id required']],
    [{ config: '{}' }, ['config.workflow_id required']],
    [{ config: { workflow_id: '1', more: 2 } }, ['config.workflow_id invalid_type', 'config.more unknown_key']],
    [{ config: '[]' }, ['config invalid_config']],
    [{ config: null }, ['config invalid_config']],
    [{ schedule: '' }, ['schedule invalid_schedule']],
    [{ schedule: '* * * *' }, ['schedule invalid_schedule']],
    [{ schedule: '5/15 * * * *' }, ['schedule invalid_schedule']],
    [{ schedule: '0 0 30 2 *' }, ['schedule never_occurs']],
    [{ schedule: 5 }, ['schedule invalid_type']],
    [{ schedule: null }, ['schedule invalid_type']],
    [{ schedule: `0${',0'.repeat(200)} * * * *` }, ['schedule too_big']],
    [{ timezone: 'local' }, ['timezone invalid_timezone']],
    [{ timezone: 'UTC+2' }, ['timezone invalid_timezone']],
    [{ timezone: 5 }, ['timezone invalid_type']],
    [{ overlap_policy: 'queue' }, ['overlap_policy invalid_value']],
    [{ misfire_policy: 'fire' }, ['misfire_policy invalid_value']],
    [{ misfire_max: 0 }, ['misfire_max too_small']],
    [{ catch_up_window_seconds: -1 }, ['catch_up_window_seconds too_small']],
    [{ jitter_seconds: 1.5 }, ['jitter_seconds invalid_type']],
    [{ start_at: 'tomorrow' }, ['start_at invalid_date']],
    [{ start_at: 5 }, ['start_at invalid_type']],
    [{ start_at: '2026-12-24', end_at: '2026-11-24' }, ['end_at reversed_range']],
    [{ start_at: '2026-12-24', end_at: '2026-12-24' }, ['end_at reversed_range']],
    [{ max_retries: 101 }, ['max_retries too_big']],
    [{ dst: { gap: 'both' } }, ['dst.gap invalid_value']],
    [{ dst: 'first' }, ['dst invalid_type']],
    [{ cron: '0 9 * * *' }, ['cron unknown_key']],
  ])('%j', (overrides, faults) => {
    expect(faultsOf(aTask(overrides))).toEqual(faults);
  });

  test('without anything, all that is required is named', () => {
    expect(faultsOf({})).toEqual(['name required', 'type required', 'config invalid_config', 'schedule required']);
  });

  test('all come in one answer', () => {
    expect(faultsOf(aTask({ name: '', config: { workflow_id: 0 }, schedule: 'x', timezone: 'Mars/Base', max_retries: -1 })).sort()).toEqual(
      ['name too_small', 'config.workflow_id too_small', 'timezone invalid_timezone', 'max_retries too_small'].sort(),
    );
  });
});
