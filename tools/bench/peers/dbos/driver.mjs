import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import { untilItWorks } from '../shared/child.mjs';
import { startPostgres } from '../shared/postgres.mjs';
import { forEachOf, serveRounds } from '../shared/rounds.mjs';
import { createActions, createEvents, isWanted } from '../shared/workload.mjs';

/**
 * W as a DBOS workflow of three steps. Its id is the event's, as its documentation has it for exactly-once starts; its log are the
 * rows of `workflow_status` and `operation_outputs`.
 *
 * Workflows are started directly, as a consumer of events would, and not by a queue: a queue writes each once more when it takes it, and polls.
 * Neither traces nor logs. 64 at once on 20 connections: fewer, more, and no LISTEN made no difference to the CPU that an event takes.
 */
const concurrency = 64;
const connections = 20;

const { addTag, faults } = createActions();
const postgres = await startPostgres();
const pool = new pg.Pool({ connectionString: postgres.urlOf('postgres'), max: 1 });
await untilItWorks(() => pool.query('CREATE DATABASE bench'));
await pool.end();
const url = postgres.urlOf('bench');

const runW = DBOS.registerWorkflow(
  async (event) => {
    if (!isWanted(event)) return null;
    const first = await DBOS.runStep(async () => addTag(event, 'first', 'first'), { name: 'first' });
    const second = await DBOS.runStep(async () => addTag(event, 'second', `after ${first.status}`), { name: 'second' });
    await DBOS.runStep(async () => addTag(event, 'third', `after ${second.status}`), { name: 'third' });
    return 'completed';
  },
  { name: 'W' },
);
DBOS.setConfig({
  name: 'w',
  systemDatabaseUrl: url,
  systemDatabasePoolSize: connections,
  tracingEnabled: false,
  enableOTLP: false,
  logLevel: 'error',
});
await DBOS.launch();
const reader = new pg.Pool({ connectionString: url, max: 1 });

await serveRounds({
  settings: { postgres: postgres.settings, concurrency, systemDatabasePoolSize: connections },
  pids: { dbos: process.pid, postgres: postgres.pid },
  run: (events, name) =>
    forEachOf(createEvents(events, name), concurrency, async (event) => {
      const handle = await DBOS.startWorkflow(runW, { workflowID: event.event_id })(event);
      await handle.getResult();
    }),
  async check(events, name) {
    const count = async (what) => (await reader.query(`SELECT count(*)::int AS found FROM dbos.${what}`, [`${name}-%`])).rows[0].found;
    const completed = await count(`workflow_status WHERE status = 'SUCCESS' AND workflow_uuid LIKE $1`);
    const steps = await count('operation_outputs WHERE workflow_uuid LIKE $1');
    return [
      ...faults(name, events),
      ...(completed === events ? [] : [`completed: ${completed}, expected ${events}`]),
      ...(steps === events * 3 ? [] : [`steps recorded: ${steps}, expected ${events * 3}`]),
    ];
  },
});
await reader.end();
await DBOS.shutdown();
await postgres.stop();
