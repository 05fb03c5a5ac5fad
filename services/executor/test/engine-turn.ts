import type { ActionNode, EventView } from '@millrace/workflow';
import { decideTurn, prepare } from '../src/attempt.ts';
import { decideStart } from '../src/instance/decide-input.ts';
import type { Outcome } from '../src/instance/decide-outcome.ts';
import { Draft } from '../src/instance/draft.ts';
import type { NewEntry } from '../src/instance/entries.ts';
import { compileVersion } from '../src/version-cache.ts';
import { anAction, anEvent, aStart, aVersion, now } from './instance-builders.ts';

interface Given {
  event?: Partial<EventView>;
  entityId?: string;
  /** What happened since the start. */
  entries?: NewEntry[];
  /** Other actions of the workflow. */
  others?: ActionNode[];
  workflowId?: number;
  nowMs?: number;
  atMs?: number;
}

/** An instance that has started, not yet in the table. */
export function aDraft({ event = {}, entityId = 'lead-1', entries = [] }: Given = {}): Draft {
  const draft = Draft.create({
    id: '0'.repeat(32),
    tenantId: 'acme',
    workflowId: 7,
    workflowVersion: 1,
    scheduledTaskId: null,
    scheduledForMs: null,
    entityType: 'lead',
    entityId,
    triggeredBy: 'event',
    triggeredByValue: 'e-1',
    createdAtMs: now,
  });
  draft.add(decideStart(draft.state, aStart({ event: anEvent(event) }), now));
  draft.add(entries);
  return draft;
}

/** What the engine decides about an action, the first of its workflow, by its config: conditions asked, templates rendered. */
export function turnOf(action: Partial<ActionNode> & Pick<ActionNode, 'action_type'>, given: Given = {}): Outcome {
  const node = anAction(action);
  const version = compileVersion(aVersion([node, ...(given.others ?? [])], { id: given.workflowId ?? 7 }));
  const compiled = version.actionById.get(node.id);
  if (compiled === undefined) throw new Error('Expected the action to be in its version, but it is not');
  const draft = aDraft(given);
  const prepared = prepare(draft, version, compiled, given.nowMs ?? now);
  return prepared.kind === 'call' ? decideTurn(draft, version, prepared, given.atMs ?? now) : prepared;
}
