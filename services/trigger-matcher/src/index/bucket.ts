import type { ConditionContext } from '@millrace/workflow';
import type { IndexedTrigger } from '../definition.ts';
import { createMember, type Member } from './choose-guards.ts';
import { createNode, type Node } from './node.ts';

/** Arranging a trigger costs about as much as asking one so many times. */
const asksPerArrangement = 1_000;

/**
 * The triggers that listen to one event name. What has changed since they were arranged is asked beside the arrangement, until
 * that has cost as much as a new one: then they are arranged anew and swapped at once. So a stream of changes stays cheap.
 */
export class Bucket {
  readonly #membersByWorkflow = new Map<number, readonly Member[]>();
  /** Workflows whose members in `#node` don't count any more. */
  readonly #changed = new Set<number>();
  #node: Node | null = null;
  #asks = 0;

  get isEmpty(): boolean {
    return this.#membersByWorkflow.size === 0;
  }

  /** Replaces what a workflow has here. */
  set(workflowId: number, triggers: readonly IndexedTrigger[]): void {
    this.#membersByWorkflow.set(workflowId, triggers.map(createMember));
    this.#changed.add(workflowId);
  }

  remove(workflowId: number): void {
    this.#membersByWorkflow.delete(workflowId);
    this.#changed.add(workflowId);
  }

  /** Adds each trigger that the event's values don't rule out, once. */
  collect(context: ConditionContext, into: Member[]): void {
    if (this.#node === null || this.#asks > asksPerArrangement * this.#membersByWorkflow.size) this.#node = this.#arrange();
    if (this.#changed.size === 0) this.#node.collect(context, into);
    else this.#collectBeside(this.#node, context, into);
  }

  #collectBeside(node: Node, context: ConditionContext, into: Member[]): void {
    const arranged: Member[] = [];
    node.collect(context, arranged);
    for (const member of arranged) if (!this.#changed.has(member.trigger.workflowId)) into.push(member);
    for (const workflowId of this.#changed) into.push(...(this.#membersByWorkflow.get(workflowId) ?? []));
    this.#asks += this.#changed.size;
  }

  #arrange(): Node {
    this.#changed.clear();
    this.#asks = 0;
    return createNode([...this.#membersByWorkflow.values()].flat());
  }
}
