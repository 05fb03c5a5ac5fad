import { isWanted } from '../shared/workload.mjs';
import { serveWorker } from './worker.mjs';

/**
 * W as a chain of three jobs an event: the queue itself holds how far an event has come, and each step is retried by itself, which is how
 * graphile-worker does one thing after another. A job writes its log rows and adds the next job in one statement, and so in one commit. The
 * start goes with the first step's commit and the end with the last one's.
 */
const withNext = `WITH written AS (INSERT INTO workflow_log (event_id, seq, type, detail) VALUES`;
const first = {
  name: 'first',
  text: `${withNext} ($1, 1, 'instance_started', $2), ($1, 2, 'action_completed', $3)) SELECT graphile_worker.add_job('second', $4)`,
};
const second = { name: 'second', text: `${withNext} ($1, 3, 'action_completed', $2)) SELECT graphile_worker.add_job('third', $3)` };
const third = {
  name: 'third',
  text: `INSERT INTO workflow_log (event_id, seq, type, detail) VALUES ($1, 4, 'action_completed', $2), ($1, 5, 'instance_completed', NULL)`,
};

const write = ({ withPgClient }, statement, values) => withPgClient((client) => client.query({ ...statement, values }));

await serveWorker({
  jobsPerEvent: 3,
  firstJob: (event) => ({ identifier: 'first', payload: event }),
  createTasks: (addTag) => ({
    async first(event, helpers) {
      if (!isWanted(event)) return;
      const result = addTag(event, 'first', 'first');
      const next = JSON.stringify({ event, status: result.status });
      await write(helpers, first, [event.event_id, JSON.stringify({ event }), JSON.stringify(result), next]);
    },
    async second({ event, status }, helpers) {
      const result = addTag(event, 'second', `after ${status}`);
      await write(helpers, second, [event.event_id, JSON.stringify(result), JSON.stringify({ event, status: result.status })]);
    },
    async third({ event, status }, helpers) {
      await write(helpers, third, [event.event_id, JSON.stringify(addTag(event, 'third', `after ${status}`))]);
    },
  }),
});
