import { counter } from '@millrace/runtime';
import { mayEnterAgain } from '@millrace/workflow';
import type { Input } from './input.ts';
import type { Draft } from './instance/draft.ts';
import type { InstanceStore } from './instance-store.ts';
import { LiveRuns } from './live-runs.ts';
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
  readonly #runs: LiveRuns;

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
    this.#runs = new LiveRuns(parts);
  }

  /** Reads what the starts of a batch are decided by; batches come one after the other. */
  async prepare(inputs: readonly Input[]): Promise<void> {
    await this.#runs.look(inputs.flatMap(taskThatMustNotOverlap));
  }

  /**
   * Asked once a start, in the order of the log. The same start asked again has the same answer. A start that was blocked before it came here
   * (`blocked`) enters nothing and counts for nothing.
   */
  async decide(input: Input, draft: Draft, version: CompiledVersion | null, blocked: string | null): Promise<Verdict> {
    const verdict = await this.#judge(input, draft, version, blocked);
    const { id, scheduledTaskId } = draft.row;
    if (verdict.kind !== 'start') refused.add(1, { reason: verdict.reason });
    else if (scheduledTaskId !== null) this.#runs.begin(scheduledTaskId, id);
    return verdict;
  }

  async #judge(input: Input, draft: Draft, version: CompiledVersion | null, blocked: string | null): Promise<Verdict> {
    const isRow = draft.isDurable || draft.row.scheduledTaskId !== null;
    const refusal = this.#refusalOfWorkflow(version);
    if (refusal !== null) return { kind: isRow ? 'block' : 'drop', reason: refusal };
    if (blocked !== null) return { kind: 'block', reason: blocked };
    for (const taskId of taskThatMustNotOverlap(input)) {
      if (await this.#runs.isLive(taskId, draft.row.id)) return { kind: 'block', reason: 'overlap' };
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

/** The task that an input is a run of, where its runs must not overlap; none for another input. */
function taskThatMustNotOverlap({ command: { command } }: Input): number[] {
  if (!('millrace.RunScheduledTask' in command)) return [];
  const { overlap_policy: policy, task_id: taskId } = command['millrace.RunScheduledTask'];
  return policy === 'skip' ? [taskId] : [];
}
