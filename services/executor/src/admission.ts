import { counter } from '@millrace/runtime';
import { mayEnterAgain } from '@millrace/workflow';
import type { Input } from './input.ts';
import type { Draft } from './instance/draft.ts';
import type { InstanceStore } from './instance-store.ts';
import type { StartRate } from './start-rate.ts';
import type { Tables } from './tables.ts';
import type { CompiledVersion } from './version-cache.ts';
import type { WorkflowStates } from './workflow-states.ts';

/** `drop`: there is to be no instance; `block`: one that ends at once, cancelled, with the reason. */
export type Verdict = { kind: 'start' } | { kind: 'drop' | 'block'; reason: string };

const mostRefused = 50;
const refused = counter('millrace_executor_starts_refused_total', 'Starts that made no instance, or one that ended at once, by reason');
const start: Verdict = { kind: 'start' };

/** Decides whether an instance may start: disabling, deletion, overlap, loops and `re_entry`. */
export class Admission {
  readonly #tables: Tables;
  readonly #store: InstanceStore;
  readonly #states: WorkflowStates;
  readonly #rate: StartRate;
  readonly #isActive: (instanceId: string) => boolean;
  readonly #liveOccurrenceByTask = new Map<number, string>();

  constructor(parts: {
    tables: Tables;
    store: InstanceStore;
    states: WorkflowStates;
    rate: StartRate;
    isActive: (instanceId: string) => boolean;
  }) {
    this.#tables = parts.tables;
    this.#store = parts.store;
    this.#states = parts.states;
    this.#rate = parts.rate;
    this.#isActive = parts.isActive;
  }

  /**
   * Asked once a start, in the order of the log. The same start asked again has the same answer. A start that was blocked before it came here
   * (`blocked`) enters nothing and counts for nothing.
   */
  async decide(input: Input, draft: Draft, version: CompiledVersion | null, blocked: string | null): Promise<Verdict> {
    const verdict = await this.#judge(input, draft, version, blocked);
    if (verdict.kind !== 'start') refused.add(1, { reason: verdict.reason });
    return verdict;
  }

  async #judge(input: Input, draft: Draft, version: CompiledVersion | null, blocked: string | null): Promise<Verdict> {
    const isRow = draft.isDurable || draft.row.scheduledTaskId !== null;
    const refusal = this.#refusalOfWorkflow(version);
    if (refusal !== null) return { kind: isRow ? 'block' : 'drop', reason: refusal };
    if (blocked !== null) return { kind: 'block', reason: blocked };
    const { command } = input.command;
    if ('millrace.RunScheduledTask' in command && command['millrace.RunScheduledTask'].overlap_policy === 'skip') {
      const taskId = command['millrace.RunScheduledTask'].task_id;
      if (await this.#isOccurrenceLive(taskId, draft.row.id)) return { kind: 'block', reason: 'overlap' };
      this.#liveOccurrenceByTask.set(taskId, draft.row.id);
    }
    if (version === null) return start;
    if (this.#rate.isExceeded(draft.row, version)) return { kind: 'block', reason: 'loop_blocked' };
    const { re_entry: reEntry, cooldown_seconds: cooldown } = version.version;
    if ((reEntry !== 'always' || cooldown !== null) && !(await this.#enter(draft, version))) {
      return { kind: isRow ? 'block' : 'drop', reason: 're_entry' };
    }
    this.#rate.count(draft.row, version);
    return start;
  }

  #refusalOfWorkflow(version: CompiledVersion | null): string | null {
    if (version === null) return 'workflow_deleted';
    const state = this.#states.get(version.version.id, version.version.version);
    if (state === 'deleted') return 'workflow_deleted';
    return state !== 'active' || !version.version.enabled ? 'workflow_disabled' : null;
  }

  async #isOccurrenceLive(taskId: number, instanceId: string): Promise<boolean> {
    const latest = this.#liveOccurrenceByTask.get(taskId);
    if (latest !== undefined && latest !== instanceId && (await this.#isLive(latest))) return true;
    return this.#store.waitOut(() => this.#tables.hasLiveOccurrence(taskId, instanceId));
  }

  async #isLive(instanceId: string): Promise<boolean> {
    const row = (await this.#store.find([instanceId])).get(instanceId);
    return row === undefined ? this.#isActive(instanceId) : row.status === 'pending' || row.status === 'running';
  }

  /** Enters the entity, or writes down that it was refused: either is found again by the same start. */
  async #enter({ row }: Draft, { version }: CompiledVersion): Promise<boolean> {
    const { tenantId, entityType, entityId } = row;
    const key = { tenantId, workflowId: version.id, entityType, entityId };
    const enrolment = await this.#store.waitOut(() =>
      this.#tables.enrol(key, row.id, row.createdAtMs, async (known) => {
        if (known.instanceId === row.id || known.refused.includes(row.id)) return null;
        const isLive = version.re_entry === 'while_inactive' && (await this.#isLive(known.instanceId));
        return mayEnterAgain(version, known.startedAtMs, isLive, row.createdAtMs)
          ? { instanceId: row.id, startedAtMs: row.createdAtMs, refused: known.refused }
          : { ...known, refused: [...known.refused, row.id].slice(-mostRefused) };
      }),
    );
    return enrolment.instanceId === row.id;
  }
}
