import { readdirSync, statSync } from 'node:fs';
import type { Millrace } from '@millrace/testing';
import type { RowDataPacket } from 'mysql2/promise';
import { atMost, type Benchmark, createResult } from './benchmark.ts';
import { runRound, startUnlimited } from './round-of-work.ts';
import { workW } from './workload.ts';

const tables = ['workflow_instances', 'workflow_execution_logs', 'workflow_action_executions'];
const topics = ['crm.events', 'workflow.commands', 'workflow.execution-log', 'crm.commands'];

/** How many bytes an instance of W takes in each table and topic. */
export const room: Benchmark = {
  summary: 'bytes of an instance of W in each table, with its indexes, and in each topic (--events)',
  sizes: { events: 50_000 },
  async run(context) {
    await using millrace = await startUnlimited('bench-room', context);
    const events = context.size('events');
    const { faults } = await runRound(millrace, context, { work: workW, tenantId: 'room', events });
    for (const fault of faults) context.say(fault);
    await millrace.drained(120_000);
    const ofInstance = (bytes: number) => Math.round(bytes / events);
    const figures: Record<string, number> = {};
    const { kafka } = await context.serverPids();
    for (const table of tables) figures[`${table}_bytes`] = ofInstance(await bytesOfTable(millrace, table));
    if (kafka !== undefined)
      for (const topic of topics)
        figures[`${topic.replace(/\W/g, '_')}_bytes`] = ofInstance(bytesOfTopic(kafka, millrace.installation.prefix + topic));
    return createResult('room', figures, [atMost('accounts that do not add up', faults.length, 0)]);
  },
};

/** As the database estimates it after it has looked. */
async function bytesOfTable({ installation: { database } }: Millrace, table: string): Promise<number> {
  await database.pool.query(`ANALYZE TABLE ${table}`);
  const [[row]] = await database.pool.query<(RowDataPacket & { bytes: number })[]>(
    'SELECT data_length + index_length AS bytes FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?',
    [table],
  );
  return Number(row?.bytes);
}

/** Of all its partitions' records, in the folder of a broker of this machine; its indexes are of a fixed size. */
function bytesOfTopic(brokerPid: number, topic: string): number {
  const data = `/proc/${brokerPid}/cwd/data`;
  const partitions = readdirSync(data).filter((folder) => folder.startsWith(`${topic}-`) && /^\d+$/.test(folder.slice(topic.length + 1)));
  const segments = partitions.flatMap((folder) => readdirSync(`${data}/${folder}`).map((file) => `${data}/${folder}/${file}`));
  return segments.filter((file) => file.endsWith('.log')).reduce((sum, file) => sum + statSync(file).size, 0);
}
