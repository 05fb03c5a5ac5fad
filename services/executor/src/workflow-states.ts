import { type Bus, type CompactedReader, readCompacted } from '@millrace/bus';
import { type Codec, topics, type WorkflowDefinition } from '@millrace/messages';
import type { Logger } from '@millrace/runtime';

export type WorkflowState = 'active' | 'disabled' | 'cancel' | 'deleted';

interface Known {
  version: number;
  state: WorkflowState;
}

/** What `workflow.definitions` says of each workflow now: a disabled or deleted one takes effect within 2 s of its change. */
export class WorkflowStates {
  readonly #byWorkflow = new Map<number, Known>();

  /** Keeps the highest version; an older record never overwrites a newer one. */
  apply(definition: WorkflowDefinition): void {
    const known = this.#byWorkflow.get(definition.workflow_id);
    if (known !== undefined && known.version > definition.version) return;
    this.#byWorkflow.set(definition.workflow_id, { version: definition.version, state: stateOf(definition) });
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

/** Reads the topic to its end, then follows it. A record that can't be decoded is logged and passed over: it says nothing of its workflow. */
export function followDefinitions(bus: Bus, codec: Codec, states: WorkflowStates, logger: Logger): Promise<CompactedReader> {
  return readCompacted({
    bus,
    topic: topics.workflowDefinitions,
    onRecord: async (key, value) => {
      if (value === null) return;
      try {
        states.apply(await codec.decode(topics.workflowDefinitions, value));
      } catch (error) {
        logger.error({ err: error, key }, 'a definition was passed over');
      }
    },
  });
}
