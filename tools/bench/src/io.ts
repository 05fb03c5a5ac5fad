import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atLeast, atMost, type Benchmark, createResult } from './benchmark.ts';
import { medianCpu, type Round, runRound, startUnlimited } from './round-of-work.ts';
import { median, round } from './statistics.ts';
import type { Work } from './workload.ts';

const waitMs = 20;
const actions = 3;
/** Of one who makes a call after the other and needs no time beside. */
const serialPerSecond = 1_000 / waitMs;

/** Calls that wait at their endpoint, all of one tenant on one partition: how many wait at once. */
export const io: Benchmark = {
  summary: `${actions} calls an instance that wait ${waitMs} ms each, one partition: calls a second beside one after the other (--events a round, --rounds)`,
  sizes: { events: 10_000, rounds: 5 },
  async run(context) {
    await using endpoint = await startSlowEndpoint();
    await using millrace = await startUnlimited('bench-io', context, { TENANT_SPREAD: '1', HTTP_ALLOWED_ORIGINS: endpoint.origin });
    const work = workOf(endpoint.origin);
    const rounds: Round[] = [];
    let wrong = 0;
    // The first warms up.
    for (let number = 0; number <= context.size('rounds'); number += 1) {
      const asked = endpoint.calls();
      const each = await runRound(millrace, context, { work, tenantId: `io-${number}`, events: context.size('events') });
      const calls = endpoint.calls() - asked - context.size('events') * actions;
      const faults = [...each.faults, ...(calls === 0 ? [] : [`calls: ${calls} too many`])];
      wrong += faults.length;
      context.say(`round ${number}: ${Math.round(each.instancesPerSecond * actions)} calls a second ${faults.join('; ')}`);
      if (number > 0) rounds.push(each);
    }
    const callsPerSecond = Math.round(median(rounds.map(({ instancesPerSecond }) => instancesPerSecond * actions)));
    const ratio = round(callsPerSecond / serialPerSecond, 1);
    const figures = { calls_per_second: callsPerSecond, times_serial: ratio, ...medianCpu(rounds) };
    return createResult('io', figures, [
      atLeast('calls a second ÷ those of one after the other', ratio, 50),
      atMost('accounts that do not add up', wrong, 0),
    ]);
  },
};

function workOf(origin: string): Work {
  return {
    workflow: {
      name: 'Calls',
      enabled: true,
      triggers: [{ trigger_type: 'lead_created' }],
      actions: Array.from({ length: actions }, (_, at) => ({
        name: `call_${at}`,
        action_type: 'http_request',
        action_config: { method: 'POST', url: `${origin}/calls`, body: { number: at } },
      })),
    },
    actions,
    leaves: actions,
    logRows: actions + 2,
  };
}

interface SlowEndpoint extends AsyncDisposable {
  origin: string;
  calls(): number;
}

async function startSlowEndpoint(): Promise<SlowEndpoint> {
  let calls = 0;
  const server = createServer((request, response) => {
    calls += 1;
    request.resume();
    setTimeout(() => response.end('{}'), waitMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
