import type { Bus, InRecord } from '@millrace/bus';
import type { Database, InstanceRow } from '@millrace/db';
import { hasLiveOccurrence } from '@millrace/db';
import { type Codec, topics } from '@millrace/messages';
import { counter, type Logger, TerminalError } from '@millrace/runtime';
import { Activity, type Engine } from './activity.ts';
import { CommandQueue } from './command-queue.ts';
import { EntityOrder, type Place } from './entity-order.ts';
import { createDraft, createInput, type Input, startOf } from './input.ts';
import { decideStart, type Start } from './instance/decide.ts';
import { Draft } from './instance/draft.ts';
import { entitlement } from './instance/entitlement.ts';
import type { CompiledVersion, VersionCache } from './version-cache.ts';

const maxBatch = 256;
const maxActivities = 1_000;

const commands = counter('millrace_executor_commands_total', 'Commands taken, by what became of them');

/** Takes commands from the queue, loads their instances in batches and runs an activity for each: one per instance at a time. */
export class Dispatcher {
  readonly #queue = new CommandQueue<InRecord>();
  readonly #activityById = new Map<string, Activity>();
  readonly #running = new Set<Promise<void>>();
  readonly #order = new EntityOrder();
  readonly #again: Input[] = [];
  readonly #liveOccurrenceByTask = new Map<number, string>();
  readonly #engine: Engine;
  readonly #bus: Bus;
  readonly #codec: Codec;
  readonly #database: Database;
  readonly #versions: VersionCache;
  readonly #logger: Logger;
  #pumping: Promise<void> | null = null;

  constructor(parts: { engine: Engine; bus: Bus; codec: Codec; database: Database; versions: VersionCache; logger: Logger }) {
    this.#engine = parts.engine;
    this.#bus = parts.bus;
    this.#codec = parts.codec;
    this.#database = parts.database;
    this.#versions = parts.versions;
    this.#logger = parts.logger;
  }

  get queuedCommands(): number {
    return this.#queue.size;
  }

  get activities(): number {
    return this.#activityById.size;
  }

  /** Queues undecoded commands under their tenant, which is their key. */
  take(records: readonly InRecord[]): void {
    for (const record of records) this.#queue.add(record.key?.toString('utf8') ?? '', record);
    this.#pump();
  }

  /** Resolved when every activity that was begun has ended and detached calls are recorded. Takes nothing more once the engine is stopping. */
  async drain(): Promise<void> {
    await this.#pumping;
    while (this.#running.size > 0 || this.#engine.detached.size > 0) await Promise.all([...this.#running, ...this.#engine.detached]);
  }

  #pump(): void {
    this.#pumping ??= this.#dispatch().finally(() => {
      this.#pumping = null;
    });
  }

  async #dispatch(): Promise<void> {
    while (!this.#engine.stopping.aborted && this.#activityById.size < maxActivities && (this.#queue.size > 0 || this.#again.length > 0)) {
      const inputs = this.#again.splice(0).filter((input) => !input.record.assignment.isRevoked());
      for (const record of this.#queue.take(maxBatch)) {
        if (record.assignment.isRevoked()) continue;
        const input = await this.#decode(record);
        if (input !== null) inputs.push(input);
      }
      await this.#load(inputs);
    }
  }

  /** Null where the record went to the dead-letter topic. An outage of the registry is waited out. */
  async #decode(record: InRecord): Promise<Input | null> {
    try {
      if (record.value === null) throw new TerminalError('empty', 'Expected a command, but the record has no value');
      const bytes = record.value;
      const command = await this.#engine.store.waitOut(async () => this.#codec.decode(topics.workflowCommands, bytes));
      return createInput(record, command);
    } catch (error) {
      await this.#bury(record, error);
      return null;
    }
  }

  async #bury(record: InRecord, error: unknown): Promise<void> {
    const { code, message } = error instanceof TerminalError ? error : { code: 'internal', message: String(error) };
    this.#logger.warn({ code, topic: record.topic, partition: record.partition, offset: String(record.offset) }, 'dead letter');
    commands.add(1, { outcome: 'dead_letter' });
    await this.#engine.store.waitOut(() => this.#bus.deadLetter(record, code, message));
    record.done();
  }

  async #load(inputs: readonly Input[]): Promise<void> {
    const fresh: Input[] = [];
    for (const input of inputs) {
      const active = this.#activityById.get(input.instanceId);
      if (active !== undefined) active.attach(input);
      else if (fresh.some((other) => other.instanceId === input.instanceId)) this.#again.push(input);
      else fresh.push(input);
    }
    const rows = await this.#engine.store.find([...new Set(fresh.map((input) => input.instanceId).filter((id) => id !== ''))]);
    for (const input of fresh) await this.#begin(input, rows.get(input.instanceId) ?? null);
  }

  async #begin(input: Input, row: InstanceRow | null): Promise<void> {
    try {
      const owner = entitlement(row, input);
      if (owner === 'ignore') return this.#settle(input, 'ignored');
      if (owner === 'republish') return this.#track(this.#republish(input, row as InstanceRow));
      const start = row === null || row.status === 'pending' ? startOf(input, row) : null;
      const draft = row === null ? createDraft(input, start as Start, Date.now()) : Draft.of(row);
      const version = await this.#versionOf(draft);
      if (start !== null) {
        const refusal = await this.#refusal(input, draft, version);
        if (refusal !== null && row === null && draft.row.scheduledTaskId === null) return this.#settle(input, refusal);
        draft.add(decideStart(draft.state, refusal === null ? start : { ...start, blocked: start.blocked ?? refusal }, Date.now()));
      }
      this.#start(
        input,
        draft,
        version,
        row === null ? this.#order.enter(`${draft.row.tenantId}/${draft.row.entityType}/${draft.row.entityId}`) : null,
      );
    } catch (error) {
      await this.#bury(input.record, error);
    }
  }

  async #versionOf({ row: { workflowId, workflowVersion } }: Draft): Promise<CompiledVersion | null> {
    if (workflowId === null || workflowVersion === null) return null;
    return this.#engine.store.waitOut(() => this.#versions.get(workflowId, workflowVersion));
  }

  /** Why an instance must not start; null where it may. */
  async #refusal(input: Input, draft: Draft, version: CompiledVersion | null): Promise<string | null> {
    if (version === null) return 'workflow_deleted';
    const state = this.#engine.states.get(version.version.id, version.version.version);
    if (state === 'deleted') return 'workflow_deleted';
    if (state !== 'active' || !version.version.enabled) return 'workflow_disabled';
    const { command } = input.command;
    if ('millrace.RunScheduledTask' in command && command['millrace.RunScheduledTask'].overlap_policy === 'skip') {
      const taskId = command['millrace.RunScheduledTask'].task_id;
      if (await this.#isOccurrenceLive(taskId, draft.row.id)) return 'overlap';
      this.#liveOccurrenceByTask.set(taskId, draft.row.id);
    }
    return null;
  }

  async #isOccurrenceLive(taskId: number, instanceId: string): Promise<boolean> {
    const latest = this.#liveOccurrenceByTask.get(taskId);
    if (latest !== undefined && latest !== instanceId) {
      const row = (await this.#engine.store.find([latest])).get(latest);
      if (row === undefined ? this.#activityById.has(latest) : row.status === 'pending' || row.status === 'running') return true;
    }
    return this.#engine.store.waitOut(() => hasLiveOccurrence(this.#database.pool, taskId, instanceId));
  }

  #start(input: Input, draft: Draft, version: CompiledVersion | null, place: Place | null): void {
    const activity = new Activity(this.#engine, draft, version, input, place);
    this.#activityById.set(input.instanceId, activity);
    this.#track(this.#run(activity, input));
  }

  #track(running: Promise<void>): void {
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  /** The instance belongs to somebody else, or has ended: what may be unacknowledged goes out again. */
  async #republish(input: Input, row: InstanceRow): Promise<void> {
    await this.#engine.store.republish(Draft.of(row), input.traceparent);
    this.#settle(input, 'republished');
  }

  async #run(activity: Activity, input: Input): Promise<void> {
    try {
      const result = await activity.run();
      if (result === 'done') this.#settle(input, 'done');
      else if (result === 'again') this.#again.push(input);
    } catch (error) {
      await this.#bury(input.record, error);
    } finally {
      this.#activityById.delete(input.instanceId);
      this.#again.push(...activity.attached);
      this.#pump();
    }
  }

  #settle(input: Input, outcome: string): void {
    commands.add(1, { outcome });
    input.record.done();
  }
}
