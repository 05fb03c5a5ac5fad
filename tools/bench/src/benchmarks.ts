import { api } from './api.ts';
import { audit } from './audit.ts';
import type { Benchmark } from './benchmark.ts';
import { branch } from './branch.ts';
import { crash } from './crash.ts';
import { e2e } from './e2e.ts';
import { history } from './history.ts';
import { hotTenant } from './hot-tenant.ts';
import { idle } from './idle.ts';
import { io } from './io.ts';
import { latency } from './latency.ts';
import { match } from './match.ts';
import { matchService } from './match-service.ts';
import { room } from './room.ts';
import { soak } from './soak.ts';
import { tasks } from './tasks.ts';
import { ten } from './ten.ts';
import { timers } from './timers.ts';

/** Every benchmark by its name. */
export const benchmarks: Record<string, Benchmark> = {
  match,
  'match-service': matchService,
  idle,
  api,
  latency,
  e2e,
  branch,
  ten,
  io,
  crash,
  audit,
  room,
  history,
  'hot-tenant': hotTenant,
  timers,
  tasks,
  soak,
};
