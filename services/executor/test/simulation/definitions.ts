import type { WorkflowDefinition } from '@millrace/messages';
import type { WorkflowVersion } from '@millrace/workflow';
import type { WorkflowStates } from '../../src/workflow-states.ts';
import type { SimulatedDatabase } from './database.ts';
import type { SimulatedProcess } from './process.ts';
import { versionOf } from './workflows.ts';
import type { World } from './world.ts';

export const tenantId = 'acme';
/** Until when everybody has heard of a change. */
export const heardWithinMs = 2_000;

interface Change {
  enabled?: false;
  onDisable?: 'finish' | 'cancel';
  deleted?: true;
}

/** A workflow as the definitions API has it. */
interface Known {
  startedBy: string;
  definition: number;
  record: WorkflowDefinition;
  reEntry: WorkflowVersion['re_entry'];
  /** Since when none of its instances may act any more. */
  retiredAtMs: number | null;
}

/** The workflows of a simulation, and who has heard of which version. */
export class Definitions {
  readonly #world: World;
  readonly #database: SimulatedDatabase;
  readonly #known = new Map<number, Known>();
  readonly #versions = new Map<string, WorkflowVersion>();
  /** What the matcher has heard. */
  readonly #heard = new Map<number, WorkflowDefinition>();
  readonly #followers: { process: SimulatedProcess; states: WorkflowStates }[] = [];
  readonly #retired: ((workflowId: number, reason: string) => void)[] = [];

  constructor(world: World, database: SimulatedDatabase) {
    this.#world = world;
    this.#database = database;
  }

  get ids(): number[] {
    return [...this.#known.keys()];
  }

  onRetired(listen: (workflowId: number, reason: string) => void): void {
    this.#retired.push(listen);
  }

  create(workflowId: number, startedBy: string, definition: number, reEntry: WorkflowVersion['re_entry']): void {
    const record = {
      tenant_id: tenantId,
      workflow_id: workflowId,
      version: 1,
      name: `workflow ${workflowId}`,
      enabled: true,
      deleted: false,
      on_disable: 'finish',
      published_at: this.#world.nowMs,
      triggers: [],
      waits_for: [],
    };
    this.#known.set(workflowId, { startedBy, definition, record, reEntry, retiredAtMs: null });
    this.#heard.set(workflowId, record);
    this.#addVersion(workflowId);
  }

  change(workflowId: number, { enabled, onDisable, deleted }: Change): void {
    const known = this.#known.get(workflowId) as Known;
    const { time, random } = this.#world;
    if (known.record.deleted) return;
    known.record = {
      ...known.record,
      version: known.record.version + 1,
      enabled: enabled ?? known.record.enabled,
      deleted: deleted ?? false,
      on_disable: onDisable ?? known.record.on_disable,
    };
    const { record } = known;
    this.#world.note(() => `workflow ${workflowId} v${record.version} ${JSON.stringify({ enabled, onDisable, deleted })}`);
    this.#addVersion(workflowId);
    time.after(random.between(0, heardWithinMs), () => this.#heard.set(workflowId, record));
    for (const { process, states } of this.#followers) {
      time.after(random.between(0, heardWithinMs), () => process.enter(() => void states.apply(record)));
    }
    const reason = record.deleted ? 'workflow_deleted' : !record.enabled && record.on_disable === 'cancel' ? 'workflow_disabled' : null;
    known.retiredAtMs = reason === null ? null : (known.retiredAtMs ?? this.#world.nowMs);
    if (reason === null) return;
    for (const lateMs of [0, 3_000]) {
      time.after(heardWithinMs + lateMs, () => {
        for (const listen of this.#retired) listen(workflowId, reason);
      });
    }
  }

  /** An executor has read the topic to its end when it starts. */
  follow(process: SimulatedProcess, states: WorkflowStates): void {
    for (const { record } of this.#known.values()) states.apply(record);
    this.#followers.push({ process, states });
  }

  /** The workflows that the matcher starts for an event now, with their versions. */
  startedBy(eventType: string): { workflowId: number; version: number }[] {
    return [...this.#known].flatMap(([workflowId, known]) => {
      const heard = this.#heard.get(workflowId) as WorkflowDefinition;
      const isStarted = known.startedBy === eventType && heard.enabled && !heard.deleted;
      return isStarted ? [{ workflowId, version: heard.version }] : [];
    });
  }

  latestOf(workflowId: number): number {
    return (this.#known.get(workflowId) as Known).record.version;
  }

  /** Null where its instances may act. */
  retiredAtMs(workflowId: number): number | null {
    return (this.#known.get(workflowId) as Known).retiredAtMs;
  }

  /** Nothing forbids a start of it, then or now. */
  alwaysStarts(workflowId: number): boolean {
    const { record, reEntry } = this.#known.get(workflowId) as Known;
    return record.enabled && !record.deleted && reEntry === 'always';
  }

  version(workflowId: number, version: number): WorkflowVersion {
    return this.#versions.get(`${workflowId}/${version}`) as WorkflowVersion;
  }

  #addVersion(workflowId: number): void {
    const { record, definition, reEntry } = this.#known.get(workflowId) as Known;
    const version = versionOf(workflowId, record.version, definition, { enabled: record.enabled, re_entry: reEntry });
    this.#versions.set(`${workflowId}/${record.version}`, version);
    this.#database.addVersion(version);
  }
}
