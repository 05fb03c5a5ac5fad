import { type Bus, type CompactedReader, readCompacted } from '@millrace/bus';
import { type Codec, topics, type WorkflowDefinition } from '@millrace/messages';
import { type Logger, RetryableError } from '@millrace/runtime';

export type WorkflowState = 'active' | 'disabled' | 'cancel' | 'deleted';

interface Known {
  tenantId: string;
  version: number;
  state: WorkflowState;
  /** Some trigger of it starts when a workflow has ended. */
  listensToEnds: boolean;
}

/** What `workflow.definitions` says of each workflow now: a disabled or deleted one takes effect within 2 s of its change. */
export class WorkflowStates {
  readonly #byWorkflow = new Map<number, Known>();
  readonly #listenersByTenant = new Map<string, number>();

  /** Keeps the highest version; an older record never overwrites a newer one. Answers the state that the workflow has come to; null: the one that it had. */
  apply(definition: WorkflowDefinition): WorkflowState | null {
    const known = this.#byWorkflow.get(definition.workflow_id);
    if (known !== undefined && known.version > definition.version) return null;
    const state = stateOf(definition);
    const listensToEnds = state === 'active' && definition.triggers.some((trigger) => trigger.trigger_type === 'workflow_completed');
    this.#countListener(known, -1);
    const next = { tenantId: definition.tenant_id, version: definition.version, state, listensToEnds };
    this.#countListener(next, 1);
    this.#byWorkflow.set(definition.workflow_id, next);
    return state === known?.state ? null : state;
  }

  #countListener(known: Known | undefined, change: 1 | -1): void {
    if (known?.listensToEnds !== true) return;
    this.#listenersByTenant.set(known.tenantId, (this.#listenersByTenant.get(known.tenantId) ?? 0) + change);
  }

  /** Whether some workflow of the tenant is started by the ends of others. */
  areEndsAwaited(tenantId: string): boolean {
    return (this.#listenersByTenant.get(tenantId) ?? 0) > 0;
  }

  /** A workflow of the tenant as the topic has it; undefined where it has none. */
  find(tenantId: string, workflowId: number): { version: number; state: WorkflowState } | undefined {
    const known = this.#byWorkflow.get(workflowId);
    return known?.tenantId === tenantId ? known : undefined;
  }

  /** `seenVersion` is what the asker's input was made from: where the topic is behind that, the input is right. */
  get(workflowId: number, seenVersion: number): WorkflowState {
    const known = this.#byWorkflow.get(workflowId);
    if (known === undefined || known.version < seenVersion) return 'active';
    return known.state;
  }
}

function stateOf(definition: WorkflowDefinition): WorkflowState {
  if (definition.deleted) return 'deleted';
  if (definition.enabled) return 'active';
  return definition.on_disable === 'cancel' ? 'cancel' : 'disabled';
}

/** An executor that was away for longer finds those instances when they are due. */
const newsForMs = 86_400_000;

/**
 * Reads the topic to its end, then follows it, and tells what has become of workflows whose live instances are to be cancelled. A record that
 * can't be decoded is logged and passed over: it says nothing of its workflow. An outage of the registry is waited out.
 */
export function followDefinitions(
  bus: Bus,
  codec: Codec,
  states: WorkflowStates,
  onRetired: (workflowId: number, reason: string) => void,
  logger: Logger,
): Promise<CompactedReader> {
  return readCompacted({
    bus,
    topic: topics.workflowDefinitions,
    onRecord: async (key, value) => {
      if (value === null) return;
      try {
        const definition = await codec.decode(topics.workflowDefinitions, value);
        const state = states.apply(definition);
        if (definition.published_at < Date.now() - newsForMs) return;
        if (state === 'deleted') onRetired(definition.workflow_id, 'workflow_deleted');
        if (state === 'cancel') onRetired(definition.workflow_id, 'workflow_disabled');
      } catch (error) {
        if (error instanceof RetryableError) throw error;
        logger.error({ err: error, key }, 'a definition was passed over');
      }
    },
  });
}
