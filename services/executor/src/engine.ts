import type { Logger } from '@millrace/runtime';
import type { Backlog } from './backlog.ts';
import type { Clock } from './clock.ts';
import type { DailyAllowances } from './daily-allowance.ts';
import type { ConnectedEffects } from './effects/index.ts';
import type { InstanceStore } from './instance-store.ts';
import type { TenantSettings } from './tenant-settings.ts';
import type { Turns } from './turns.ts';
import type { WorkflowStates } from './workflow-states.ts';

/** What all activities of a process share. */
export interface Engine {
  clock: Clock;
  store: InstanceStore;
  connected: Pick<ConnectedEffects, 'effects' | 'hostOf'>;
  states: WorkflowStates;
  tenants: Pick<TenantSettings, 'get'>;
  turns: Turns;
  allowances: Pick<DailyAllowances, 'take'>;
  backlog: Backlog;
  /** Aborted when the process is to stop: no new action starts. */
  stopping: AbortSignal;
  /** Recordings of calls that outlasted their input; a stop waits for them. */
  detached: Set<Promise<void>>;
  logger: Logger;
}
