import type { ConditionContext } from '@millrace/workflow';
import type { IndexedTrigger } from '../definition.ts';
import { Buckets } from './buckets.ts';
import type { Member } from './choose-guards.ts';

type TriggersByName = ReadonlyMap<string, readonly IndexedTrigger[]>;

/** A workflow as the index files it. */
export interface IndexedWorkflow {
  id: number;
  version: number;
  /** By event type. Empty, as the next, where the workflow is disabled or deleted. */
  exact: TriggersByName;
  /** By prefix, its dot included. */
  prefixed: TriggersByName;
  waitsFor: ReadonlySet<string>;
}

/** One tenant's workflows, filed by the events that they listen to and wait for. */
export class TenantIndex {
  readonly #workflowById = new Map<number, IndexedWorkflow>();
  readonly #exact = new Buckets();
  readonly #prefixed = new Buckets();
  readonly #waitingByName = new Map<string, number>();

  get size(): number {
    return this.#workflowById.size;
  }

  versionOf(workflowId: number): number | undefined {
    return this.#workflowById.get(workflowId)?.version;
  }

  /** Replaces the workflow as a whole. */
  set(workflow: IndexedWorkflow): void {
    this.remove(workflow.id);
    this.#workflowById.set(workflow.id, workflow);
    this.#exact.add(workflow.id, workflow.exact);
    this.#prefixed.add(workflow.id, workflow.prefixed);
    for (const name of workflow.waitsFor) this.#waitingByName.set(name, (this.#waitingByName.get(name) ?? 0) + 1);
  }

  remove(workflowId: number): void {
    const workflow = this.#workflowById.get(workflowId);
    if (workflow === undefined) return;
    this.#workflowById.delete(workflowId);
    this.#exact.remove(workflowId, workflow.exact.keys());
    this.#prefixed.remove(workflowId, workflow.prefixed.keys());
    for (const name of workflow.waitsFor) {
      const left = (this.#waitingByName.get(name) ?? 0) - 1;
      if (left > 0) this.#waitingByName.set(name, left);
      else this.#waitingByName.delete(name);
    }
  }

  isAwaited(eventType: string): boolean {
    return this.#waitingByName.has(eventType);
  }

  /** Adds each trigger for the event type or a prefix of it that the event's values don't rule out, once. */
  collect(eventType: string, context: ConditionContext, into: Member[]): void {
    this.#exact.get(eventType)?.collect(context, into);
    if (this.#prefixed.size === 0) return;
    for (let dot = eventType.indexOf('.'); dot !== -1; dot = eventType.indexOf('.', dot + 1)) {
      this.#prefixed.get(eventType.slice(0, dot + 1))?.collect(context, into);
    }
  }
}
