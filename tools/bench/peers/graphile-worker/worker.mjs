import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { untilItWorks } from '../shared/child.mjs';
import { startPostgres } from '../shared/postgres.mjs';
import { serveRounds } from '../shared/rounds.mjs';
import { createActions, createEvents } from '../shared/workload.mjs';

/**
 * The settings that its documentation has its best figures with (worker.graphile.org/docs/performance): 24 jobs at once on a pool of 25, a local
 * queue of 500, completion in batches. Jobs are added by `addJobs`, 1,000 a call. No job key: it would not tell a repeated event of a finished
 * job either, and costs.
 */
const worker = { concurrentJobs: 24, maxPoolSize: 25, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
const jobsPerCall = 1_000;
const rowsPerEvent = 5;

/**
 * Serves rounds of W by graphile-worker. It keeps nothing of a job that is done: its log are the rows of `workflow_log`, five an event as in
 * Millrace's, which the jobs write.
 *
 * @param {object} variant
 * @param {(addTag: (event: object, step: string, tag: string) => object) => import('graphile-worker').TaskList} variant.createTasks
 * @param {(event: object) => import('graphile-worker').AddJobsJobSpec} variant.firstJob
 * @param {number} variant.jobsPerEvent
 */
export async function serveWorker({ createTasks, firstJob, jobsPerEvent }) {
  const { addTag, faults } = createActions();
  const postgres = await startPostgres();
  const connectionString = postgres.urlOf('postgres');
  const reader = new pg.Pool({ connectionString, max: 1 });
  await untilItWorks(() =>
    reader.query(
      `CREATE TABLE workflow_log (event_id text, seq int, type text NOT NULL, detail jsonb, created_at timestamptz NOT NULL DEFAULT now(),
         PRIMARY KEY (event_id, seq))`,
    ),
  );
  const logger = new Logger(() => (level, message) => (level === 'error' ? console.error(message) : undefined));
  const preset = { worker: { ...worker, connectionString, logger } };
  const utils = await makeWorkerUtils({ preset });
  await utils.migrate();
  const runner = await run({ preset, taskList: createTasks(addTag), noHandleSignals: true });
  const round = { completed: 0, expected: 0, done() {} };
  runner.events.on('job:complete', () => {
    round.completed += 1;
    if (round.completed === round.expected) round.done();
  });

  await serveRounds({
    settings: { postgres: postgres.settings, worker },
    pids: { worker: process.pid, postgres: postgres.pid },
    async run(events, name) {
      const allDone = new Promise((done) => Object.assign(round, { completed: 0, expected: events * jobsPerEvent, done }));
      const all = createEvents(events, name);
      for (let from = 0; from < events; from += jobsPerCall) await utils.addJobs(all.slice(from, from + jobsPerCall).map(firstJob));
      await allDone;
      // Completion comes in batches, after the jobs' own commits.
      while ((await reader.query('SELECT 1 FROM graphile_worker.jobs LIMIT 1')).rowCount > 0) {}
    },
    async check(events, name) {
      const { rows } = await reader.query(
        `SELECT count(*)::int AS rows, count(*) FILTER (WHERE type = 'instance_completed')::int AS ended FROM workflow_log
          WHERE event_id LIKE $1 || '-%'`,
        [name],
      );
      const [found] = rows;
      return [
        ...faults(name, events),
        ...(found.rows === events * rowsPerEvent ? [] : [`log rows: ${found.rows}, expected ${events * rowsPerEvent}`]),
        ...(found.ended === events ? [] : [`completed: ${found.ended}, expected ${events}`]),
      ];
    },
  });
  await runner.stop();
  await utils.release();
  await reader.end();
  await postgres.stop();
}
