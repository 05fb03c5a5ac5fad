import { isWanted } from '../shared/workload.mjs';
import { serveWorker } from './worker.mjs';

/**
 * W as one job an event whose three steps are recorded in a table of the same database, each by a statement and commit of its own before the
 * next begins: the durable execution is written by hand, the queue only starts it. What an earlier attempt has done is read only where there
 * was one. The start goes with the first step's commit and the end with the last one's.
 */
const insert = 'INSERT INTO workflow_log (event_id, seq, type, detail) VALUES';
const first = { name: 'first', text: `${insert} ($1, 1, 'instance_started', $2), ($1, 2, 'action_completed', $3)` };
const second = { name: 'second', text: `${insert} ($1, 3, 'action_completed', $2)` };
const third = { name: 'third', text: `${insert} ($1, 4, 'action_completed', $2), ($1, 5, 'instance_completed', NULL)` };

await serveWorker({
  jobsPerEvent: 1,
  firstJob: (event) => ({ identifier: 'W', payload: event }),
  createTasks: (addTag) => ({
    async W(event, { job, withPgClient }) {
      if (!isWanted(event)) return;
      const id = event.event_id;
      const query = (statement) => withPgClient((client) => client.query(statement));
      const recorded =
        job.attempts === 1 ? [] : (await query({ text: 'SELECT seq, detail FROM workflow_log WHERE event_id = $1', values: [id] })).rows;
      const step = async (seq, name, tag, statement, ...before) => {
        const known = recorded.find((row) => row.seq === seq);
        if (known !== undefined) return known.detail;
        const result = addTag(event, name, tag);
        await query({ ...statement, values: [id, ...before, JSON.stringify(result)] });
        return result;
      };
      const one = await step(2, 'first', 'first', first, JSON.stringify({ event }));
      const two = await step(3, 'second', `after ${one.status}`, second);
      await step(4, 'third', `after ${two.status}`, third);
    },
  }),
});
