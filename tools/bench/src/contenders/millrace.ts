import { startMillrace } from '@millrace/testing';
import type { BenchContext } from '../benchmark.ts';
import { workflowW } from '../workload.ts';
import type { Contender } from './contender.ts';
import { runOwnRound } from './own-round.ts';

const services = ['trigger-matcher', 'executor', 'audit-logger'] as const;

/** All our services. A tenant a round. */
export async function startOurs({ stackEnv, serverPids }: BenchContext): Promise<Contender> {
  const millrace = await startMillrace('bench-e2e', { stackEnv: await stackEnv(), env: { TENANT_EVENTS_PER_SECOND: '100000' } });
  const pids = { ...Object.fromEntries(services.map((name) => [name, millrace.services.get(name).pid])), ...(await serverPids()) };
  let round = 0;
  return {
    async runRound(events) {
      const tenantId = `bench-${round++}`;
      await millrace.publishWorkflow(tenantId, workflowW);
      return runOwnRound(millrace, tenantId, events, pids);
    },
    [Symbol.asyncDispose]: () => millrace[Symbol.asyncDispose](),
  };
}
