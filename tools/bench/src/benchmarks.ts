import { api } from './api.ts';
import { audit } from './audit.ts';
import type { Benchmark } from './benchmark.ts';
import { e2e } from './e2e.ts';
import { history } from './history.ts';
import { hotTenant } from './hot-tenant.ts';
import { idle } from './idle.ts';
import { latency } from './latency.ts';
import { match } from './match.ts';
import { tasks } from './tasks.ts';
import { timers } from './timers.ts';

/** Every benchmark by its name. */
export const benchmarks: Record<string, Benchmark> = {
  match,
  idle,
  api,
  latency,
  e2e,
  audit,
  history,
  'hot-tenant': hotTenant,
  timers,
  tasks,
};
