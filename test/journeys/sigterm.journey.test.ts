import { useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';
import { createWorkload } from './workload.ts';

const leads = 400;
const millrace = useMillrace('sigterm');

test.each(['definitions-api', 'trigger-matcher', 'scheduler', 'audit-logger'] as const)(
  'SIGTERM of the %s under load ends it with 0, and nothing is lost or repeated',
  async (service) => {
    const { services } = millrace();
    await using workload = await createWorkload(millrace(), service, leads);
    await workload.runUntilStarted(leads / 2);
    const running = workload.publishRest();
    expect(await services.end(service, 'SIGTERM')).toBe(0);
    await services.restart(service);
    await running;
    await workload.finish();
    expect(await workload.repeatedKeys()).toEqual([]);
  },
);
