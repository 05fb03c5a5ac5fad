import {
  type ActionDefinition,
  type ActionNode,
  type CompiledConditions,
  compileConditions,
  findRunnableType,
  type WorkflowVersion,
  waitedEvents,
} from '@millrace/workflow';
import type { Tables } from './tables.ts';

/** A version with its templates and conditions ready to run. */
export interface CompiledVersion {
  version: WorkflowVersion;
  actionById: ReadonlyMap<number, CompiledAction>;
  /** Why actions can't be run here, by their ids. */
  foreign: ReadonlyMap<number, string>;
  /** Names of events that its actions wait for. */
  waitsFor: readonly string[];
}

export interface CompiledAction {
  node: ActionNode;
  definition: ActionDefinition<unknown>;
  render: ReturnType<ActionDefinition<unknown>['compile']>;
  conditions: CompiledConditions | null;
  /** Whether its templates or conditions read what earlier actions gave or set. */
  readsResults: boolean;
  /** Names of the secrets that its templates have, each once. */
  secretNames: readonly string[];
}

const maxVersions = 5_000;

/** Versions by workflow and number. Rows of `workflow_versions` never change, so what was read once stays true. */
export class VersionCache {
  readonly #tables: Pick<Tables, 'findWorkflowVersion'>;
  readonly #versions = new Map<string, Promise<CompiledVersion | null>>();

  constructor(tables: Pick<Tables, 'findWorkflowVersion'>) {
    this.#tables = tables;
  }

  /** Null where there is no such version (any more). RetryableError while the database is away. */
  get(workflowId: number, version: number): Promise<CompiledVersion | null> {
    const key = `${workflowId}/${version}`;
    const known = this.#versions.get(key);
    if (known !== undefined) return known;
    const loading = this.#load(workflowId, version);
    this.#versions.set(key, loading);
    loading.then(
      (loaded) => {
        if (loaded === null) this.#versions.delete(key);
      },
      () => this.#versions.delete(key),
    );
    if (this.#versions.size > maxVersions) this.#versions.delete(this.#versions.keys().next().value as string);
    return loading;
  }

  async #load(workflowId: number, version: number): Promise<CompiledVersion | null> {
    const definition = await this.#tables.findWorkflowVersion(workflowId, version);
    return definition === null ? null : compileVersion(JSON.parse(definition) as WorkflowVersion);
  }
}

/**
 * Parses a version's templates and conditions. What this process doesn't know, as a newer Millrace has saved it, is left out of `actionById`
 * and named in `foreign`: only what comes to it can't go on here.
 */
export function compileVersion(saved: WorkflowVersion): CompiledVersion {
  const version = {
    ...saved,
    actions: saved.actions.map((node) => ({ ...node, parent_id: node.parent_id ?? null, arm: node.arm ?? null })),
  };
  const actionById = new Map<number, CompiledAction>();
  const foreign = new Map<number, string>();
  for (const node of version.actions) {
    try {
      actionById.set(node.id, compileAction(node));
    } catch (error) {
      foreign.set(node.id, error instanceof Error ? error.message : String(error));
    }
  }
  return { version, actionById, foreign, waitsFor: [...new Set(waitedEvents(version.actions))] };
}

function compileAction(node: ActionNode): CompiledAction {
  const definition = findRunnableType(node.action_type);
  if (definition === undefined) throw new Error(`Expected an action type that this executor knows, but got ${node.action_type}`);
  return {
    node,
    definition,
    render: definition.compile(node.action_config),
    conditions: node.conditions === null ? null : compileConditions(node.conditions),
    readsResults: /actions|variables/.test(JSON.stringify([node.action_config, node.conditions])),
    secretNames: [...new Set(definition.secretsOf(node.action_config).map(({ name }) => name))],
  };
}
