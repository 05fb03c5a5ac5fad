import { countDeadLetters } from '@millrace/db';
import { createKafka, parseStackSettings } from '@millrace/demo';
import { type CrmEvent, topics } from '@millrace/messages';
import { aLeadCreated, aLeadScored, aTaskCompleted, eventually, readTopic, runTool, useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';

const millrace = useMillrace('accounts');

interface Counts {
  [name: string]: number;
}
interface Accounts {
  events: Counts;
  starts: Counts;
  refused: Counts;
  instances: Counts;
  dead_letters: Counts;
  statistics: Counts;
  faults: { kind: string; message: string }[];
  adds_up: boolean;
}

async function accounts(): Promise<{ code: number | null; accounts: Accounts }> {
  const { code, stdout, stderr } = await runTool('accounts', ['--json'], millrace().installation.env);
  expect(stderr).toBe('');
  return { code, accounts: JSON.parse(stdout) as Accounts };
}

/** By a CRM whose clock is ahead, so that the definitions count as settled. */
async function send(events: readonly CrmEvent[]): Promise<void> {
  const { crm } = millrace();
  const values = await Promise.all(events.map(crm.encode));
  const timestamp = String(Date.now() + 60_000);
  await crm.send(
    'crm.events',
    values.map((value, index) => ({ key: 'acme', value, partition: index % topics.crmEvents.partitions, timestamp })),
  );
}

const aLead = (number: number, score: number) =>
  aLeadCreated({ tenant_id: 'acme', entity_id: `lead-${number}`, event_id: `created-${number}` }, { lead_score: score });

const settled = async (letters: number) => {
  await millrace().drained();
  await eventually(async () => expect(await countDeadLetters(millrace().installation.database.pool, {})).toMatchObject({ total: letters }));
};

test('everything that was sent is accounted for, and what was tampered with is named', async () => {
  const { installation, publishWorkflow, crm, services, api } = millrace();
  const greet = await publishWorkflow('acme', {
    name: 'Greet',
    triggers: [{ trigger_type: 'lead_created', trigger_config: { min_score: 80 } }],
    actions: [{ action_type: 'add_tag', action_config: { tag: 'greeted' } }],
  });
  await publishWorkflow('acme', {
    name: 'Later',
    triggers: [{ trigger_type: 'lead_scored' }],
    actions: [{ action_type: 'add_tag', action_config: { tag: 'late' }, delay_seconds: 3_600 }],
  });
  await publishWorkflow('acme', {
    name: 'Once',
    re_entry: 'once',
    triggers: [{ trigger_type: 'task_completed' }],
    actions: [{ action_type: 'exit', action_config: { status: 'failed', reason: 'test' } }],
  });
  const hot = [1, 2, 3].map((number) => aLead(number, 90));
  await send([...hot, ...hot, aLead(4, 10), aLead(5, 10)]);
  await send([aLeadScored({ tenant_id: 'acme', event_id: 'scored' }, { lead_score: 70 }, 50)]);
  await send([1, 2].map((number) => aTaskCompleted({ tenant_id: 'acme', entity_id: 'lead-1', event_id: `task-${number}` })));
  await crm.send('crm.events', [
    { key: 'acme', value: Buffer.from('{}'), partition: 0 },
    { key: 'globex', value: await crm.encode(aLead(9, 90)), partition: 0 },
  ]);
  await crm.send('workflow.commands', [{ key: 'acme', value: Buffer.from('{}'), partition: 0 }]);
  await api('acme').trigger(greet.id, { triggered_by: 'lead_id', triggered_by_value: 'lead-7', additional_data: {} });
  await settled(3);

  await services.end('executor', 'SIGTERM');
  await using commands = await readTopic(installation, topics.workflowCommands);
  await send([aLead(6, 90)]);
  await eventually(() => expect(commands.records.some(({ value }) => value?.includes('created-6'))).toBe(true));
  const whole = await accounts();
  expect(whole).toMatchObject({
    code: 0,
    accounts: {
      events: { records: 14, distinct: 11, matched: 7, unmatched: 2, dead_lettered: 2, in_flight: 0, lost: 0 },
      starts: { distinct: 8, instance: 6, refused: 1, in_flight: 1, dead_lettered: 0, lost: 0 },
      refused: { re_entry: 1 },
      instances: { total: 6, terminal: 5, completed: 4, failed: 1, parked: 1, in_flight: 0, stuck: 0 },
      dead_letters: { records: 3, distinct: 3, in_table: 3, waiting: 3 },
      statistics: { differences: 0 },
      faults: [],
      adds_up: true,
    },
  });
  await services.restart('executor');
  await settled(3);

  const { pool } = installation.database;
  const [instance] = await api('acme').instances(greet.id);
  for (const table of ['workflow_execution_logs', 'workflow_action_executions'])
    await pool.query(`DELETE FROM ${table} WHERE instance_id = unhex(?)`, [instance?.id]);
  await pool.query('DELETE FROM workflow_instances WHERE id = unhex(?)', [instance?.id]);
  await pool.query("DELETE FROM dead_letters WHERE reason = 'tenant_mismatch'");
  await services.end('scheduler', 'SIGTERM');
  await pool.query("UPDATE workflow_instances SET wake_at = NULL WHERE status = 'running'");
  await skipAtMatcher([{ value: Buffer.from('never a letter') }, { value: await crm.encode(aLead(8, 90)) }]);

  const tampered = await accounts();
  expect(tampered.code).toBe(1);
  expect(tampered.accounts.faults.map(({ kind, message }) => `${kind}: ${message}`).sort()).toEqual([
    expect.stringMatching(/^lost: event acme\|created-8 \(crm\.events\/11\/\d+\) must have started workflow \d+, but no command does$/),
    expect.stringMatching(/^lost: the dead letter of crm\.events\/0\/\d+ isn't in its table/),
    expect.stringMatching(/^lost: the event at crm\.events\/11\/\d+ can't be read, and the matcher went past it/),
    expect.stringMatching(new RegExp(`^lost: the start of instance ${instance?.id} .* is dealt with, but there is neither`)),
    expect.stringMatching(/^wrong: instance [0-9a-f]{32} is running, waits for no time, and nobody holds a command of it$/),
    expect.stringMatching(/^wrong: the statistics of tenant acme are no count over the log: \S+ started: \d+ instead of \d+, and 1 more$/),
    expect.stringMatching(
      new RegExp(
        `^wrong: the statistics of workflow ${greet.id} are no count over the log: \\S+ started: \\d+ instead of \\d+, and 2 more$`,
      ),
    ),
  ]);
});

/** As a matcher would that acknowledges before it has dealt with records. */
async function skipAtMatcher(values: { value: Buffer }[]): Promise<void> {
  const { installation, services, crm } = millrace();
  await services.end('trigger-matcher', 'SIGTERM');
  const timestamp = String(Date.now() + 60_000);
  const first = await crm.send(
    'crm.events',
    values.map(({ value }) => ({ key: 'acme', value, partition: 11, timestamp })),
  );
  const admin = createKafka(parseStackSettings(installation.env), 'test-admin').admin();
  await admin.connect();
  await admin.setOffsets({
    groupId: `${installation.prefix}trigger-matcher`,
    topic: `${installation.prefix}crm.events`,
    partitions: [{ partition: 11, offset: String((first.get(11) ?? 0) + values.length) }],
  });
  await admin.disconnect();
}
