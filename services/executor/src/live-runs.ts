import type { InstanceStore } from './instance-store.ts';
import type { Tables } from './tables.ts';

/**
 * Which scheduled tasks have a run that goes on, for `overlap_policy: skip`. All commands of a task lie on one partition, as long as its config
 * names the same record, and are decided in its order, so an earlier run is either durable, and then in `live_task_runs` while it goes on, or begun by this process: whatever a crash
 * has taken comes again before any later run. Batches of commands come one after the other.
 */
export class LiveRuns {
  readonly #tables: Pick<Tables, 'findLiveTaskRuns'>;
  readonly #store: Pick<InstanceStore, 'find' | 'waitOut'>;
  readonly #isActive: (instanceId: string) => boolean;
  /** Begun here, and perhaps not durable when the tables were last asked. */
  readonly #begunByTask = new Map<number, string>();
  #durableByTask: ReadonlyMap<number, readonly string[]> = new Map();

  constructor(parts: {
    tables: Pick<Tables, 'findLiveTaskRuns'>;
    store: Pick<InstanceStore, 'find' | 'waitOut'>;
    isActive: (instanceId: string) => boolean;
  }) {
    this.#tables = parts.tables;
    this.#store = parts.store;
    this.#isActive = parts.isActive;
  }

  /** Reads what a batch of commands is decided by, in one statement. */
  async look(taskIds: readonly number[]): Promise<void> {
    // What has come to rest here is durable by now.
    for (const taskId of taskIds) {
      const begun = this.#begunByTask.get(taskId);
      if (begun !== undefined && !this.#isActive(begun)) this.#begunByTask.delete(taskId);
    }
    this.#durableByTask = await this.#store.waitOut(() => this.#tables.findLiveTaskRuns([...new Set(taskIds)]));
  }

  /** Whether another run of the task goes on. */
  async isLive(taskId: number, exceptInstanceId: string): Promise<boolean> {
    const begun = this.#begunByTask.get(taskId);
    if (begun !== undefined && begun !== exceptInstanceId) {
      const row = (await this.#store.find([begun])).get(begun);
      const isLive = row === undefined ? this.#isActive(begun) : row.status === 'pending' || row.status === 'running';
      if (isLive) return true;
    }
    return (this.#durableByTask.get(taskId) ?? []).some((id) => id !== exceptInstanceId);
  }

  begin(taskId: number, instanceId: string): void {
    this.#begunByTask.set(taskId, instanceId);
  }
}
