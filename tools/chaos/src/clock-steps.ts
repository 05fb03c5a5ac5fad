import { setTimeout as delay } from 'node:timers/promises';
import { atLeast, atMost, type Benchmark, createResult } from '@millrace/bench';
import { topics } from '@millrace/messages';
import {
  anEventView,
  aStart,
  createInstallation,
  createSteppedClock,
  eventually,
  freePort,
  type Installation,
  insertWorkflow,
  type ServiceProcess,
  type SteppedClock,
  sendCommands,
  startService,
  startServices,
} from '@millrace/testing';
import type { RowDataPacket } from 'mysql2/promise';
import { watchArrivals } from './arrivals.ts';
import { insertTasks, tenantId } from './insert-tasks.ts';

const seconds = 75;
const everySecond = 40;
const everyMinute = 40;
const delaySeconds = 5;
/** Offsets in seconds of the two schedulers' clocks and the executor's; `kill` takes the scheduler that wakes. */
const steps: { atSecond: number; offsets: [number, number, number]; kill?: true }[] = [
  { atSecond: 8, offsets: [600, 0, 0] },
  { atSecond: 16, offsets: [-600, 600, 600] },
  { atSecond: 24, offsets: [-600, 600, 600], kill: true },
  { atSecond: 34, offsets: [600, -600, -600] },
  { atSecond: 48, offsets: [600, -600, -600], kill: true },
  { atSecond: 60, offsets: [0, 0, 0] },
];

/** Two schedulers and an executor whose machines' clocks are stepped; the checker goes by its own. */
export const clockSteps: Benchmark = {
  summary: `clocks of two schedulers and the executor stepped ±10 min for ${seconds} s: ${everySecond} tasks of every second, ${everyMinute} of every minute, a delay begun each second`,
  async run({ stackEnv, say }) {
    await using installation = await createInstallation('chaos-clock', await stackEnv());
    await using stack = new AsyncDisposableStack();
    const clocks: SteppedClock[] = [];
    for (let each = 0; each < 3; each += 1) clocks.push(stack.use(await createSteppedClock()));
    say(`clocks are stepped by ${clocks[0]?.by}`);
    const envOf = (at: number) => ({ ...installation.env, ...clocks[at]?.env });
    const commands = stack.use(await watchArrivals(installation, topics.workflowCommands));
    const effects = stack.use(await watchArrivals(installation, topics.crmCommands));
    stack.use(await startServices(['audit-logger'], installation.env));
    stack.use(await startService('executor', envOf(2), await freePort()));
    const pair: ServiceProcess[] = [];
    for (const at of [0, 1]) pair.push(await startService('scheduler', envOf(at), await freePort()));
    stack.defer(async () => void (await Promise.all(pair.map((each) => each[Symbol.asyncDispose]()))));

    const delayed = await insertWorkflow(installation, tenantId, [
      { action_type: 'add_tag', action_config: { tag: 'begun' } },
      { action_type: 'add_tag', action_config: { tag: 'woken' }, delay_seconds: delaySeconds },
    ]);
    const firstMs = await insertTasks(installation, { '* * * * * *': everySecond, '* * * * *': everyMinute });
    const lastMs = firstMs + (seconds - 1) * 1_000;
    const begunAtBy = new Map<string, number>();
    for (let second = 0; second < seconds; second += 1) {
      await delay(Math.max(0, firstMs + second * 1_000 - Date.now()));
      for (const step of steps.filter(({ atSecond }) => atSecond === second)) {
        await Promise.all(step.offsets.map((offset, at) => clocks[at]?.set(offset)));
        if (step.kill) await replaceActive(pair, envOf);
        say(`second ${second}: clocks off by ${step.offsets.join(', ')} s${step.kill ? ', the active scheduler killed' : ''}`);
      }
      const leadId = `lead-${second}`;
      begunAtBy.set(leadId, Date.now());
      await sendCommands(installation, [aStart(delayed, anEventView({ event_id: leadId, entity_id: leadId, data: { lead_id: leadId } }))]);
    }

    const minutes = Math.floor(lastMs / 60_000) - Math.floor((firstMs - 1) / 60_000);
    const expected = everySecond * seconds + everyMinute * minutes;
    const settled = async () => {
      const rows = await readRuns(installation, firstMs, lastMs);
      const woken = (await effects.all()).filter(
        ({ value: { command } }) => 'millrace.AddTag' in command && command['millrace.AddTag'].tag === 'woken',
      );
      return { rows, woken };
    };
    const { rows, woken } = await eventually(
      async () => {
        const found = await settled();
        if (found.rows.length < expected || found.woken.length < seconds)
          throw new Error(`Expected ${expected} runs and ${seconds} delays, but there are ${found.rows.length} and ${found.woken.length}`);
        return found;
      },
      { timeoutMs: 45_000, everyMs: 1_000 },
    ).catch(settled);

    const runs = (await commands.all()).flatMap(({ value, atMs }) => {
      const run = 'millrace.RunScheduledTask' in value.command ? value.command['millrace.RunScheduledTask'] : null;
      return run === null || run.due_at < firstMs || run.due_at > lastMs ? [] : [{ atMs, dueMs: run.due_at }];
    });
    const delays = woken.map(({ value, atMs }) => atMs - (begunAtBy.get(value.entity_id) ?? 0) - delaySeconds * 1_000);
    const ids = (await effects.all()).map(({ value }) => value.command_id);
    return createResult(
      'clock-steps',
      {
        expected_runs: expected,
        runs: rows.length,
        latest_run_ms: Math.max(...runs.map(({ atMs, dueMs }) => atMs - dueMs)),
        delays: woken.length,
        earliest_delay_ms: Math.min(...delays),
        latest_delay_ms: Math.max(...delays),
      },
      [
        atLeast('occurrences accounted for', rows.length, expected),
        atMost('occurrences accounted for, each once', rows.length, expected),
        atMost('occurrences skipped or failed', rows.filter(({ status }) => status !== 'completed').length, 0),
        atMost('occurrences sent before their time', runs.filter(({ atMs, dueMs }) => atMs < dueMs).length, 0),
        atMost(
          'rows whose times are over 5 s off',
          rows.filter(({ due, created }) => Math.abs(created.getTime() - due.getTime()) > 5_000).length,
          0,
        ),
        atLeast('delays that ended', woken.length, seconds),
        atMost('effects repeated', ids.length - new Set(ids).size, 0),
        atLeast('the earliest delay, ms after its time', Math.min(...delays), -1_000),
        atMost('the latest run, ms after its time: a takeover and 2 s', Math.max(...runs.map(({ atMs, dueMs }) => atMs - dueMs)), 4_000),
        atMost('the latest delay, ms after its time: a takeover and 2 s', Math.max(...delays), 4_000),
      ],
    );
  },
};

/** Kills the scheduler that wakes and starts another on the same clock. */
async function replaceActive(pair: ServiceProcess[], envOf: (at: number) => Record<string, string>): Promise<void> {
  const ready = await Promise.all(pair.map((each) => each.ready()));
  const at = Math.max(
    0,
    ready.findIndex(({ active }) => active === true),
  );
  pair[at]?.kill('SIGKILL');
  await pair[at]?.exited;
  pair[at] = await startService('scheduler', envOf(at), await freePort());
}

interface Run extends RowDataPacket {
  status: string;
  due: Date;
  created: Date;
}

async function readRuns({ database: { pool } }: Installation, firstMs: number, lastMs: number): Promise<Run[]> {
  const [rows] = await pool.query<Run[]>(
    'SELECT status, scheduled_for AS due, created_at AS created FROM workflow_instances WHERE scheduled_for BETWEEN ? AND ?',
    [new Date(firstMs), new Date(lastMs)],
  );
  return rows;
}
