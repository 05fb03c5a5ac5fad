import * as restate from '@restatedev/restate-sdk';
import { createActions, isWanted } from '../shared/workload.mjs';

/**
 * W as a Restate service, in a process of its own. Of its parent's messages it answers `{ended: N, run}` once so many of the round have come to
 * their end, `{faults: N, run}` by what doesn't add up of it, and `{latencies, run}` by how long each took to its end, which is a little
 * before that is durable.
 */
const { addTag, faults } = createActions();
const endedBy = new Map();
const latenciesBy = new Map();
let awaited = null;

function end(event) {
  const run = event.event_id.split('-')[0];
  endedBy.set(run, (endedBy.get(run) ?? 0) + 1);
  if (event.sent_at_ms !== undefined) {
    const took = performance.timeOrigin + performance.now() - event.sent_at_ms;
    if (!latenciesBy.has(run)) latenciesBy.set(run, []);
    latenciesBy.get(run).push(took);
  }
  answerEnded();
}

function answerEnded() {
  if (awaited === null || (endedBy.get(awaited.run) ?? 0) < awaited.ended) return;
  awaited = null;
  process.send('ended');
}

const w = restate.service({
  name: 'W',
  handlers: {
    async run(ctx, event) {
      if (!isWanted(event)) return null;
      const first = await ctx.run('first', () => addTag(event, 'first', 'first'));
      const second = await ctx.run('second', () => addTag(event, 'second', `after ${first.status}`));
      await ctx.run('third', () => addTag(event, 'third', `after ${second.status}`));
      end(event);
      return 'completed';
    },
  },
});
process.on('message', (question) => {
  if (question.latencies !== undefined) return process.send(latenciesBy.get(question.run) ?? []);
  if (question.faults !== undefined) return process.send(faults(question.run, question.faults));
  awaited = question;
  answerEnded();
});
process.on('disconnect', () => process.exit(0));
await restate
  .endpoint()
  .setLogger(() => {})
  .bind(w)
  .listen(Number(process.argv[2]));
process.send('listening');
