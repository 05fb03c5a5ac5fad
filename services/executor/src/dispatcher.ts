import type { Bus, InRecord } from '@millrace/bus';
import type { InstanceRow } from '@millrace/db';
import { type Codec, type EventView, topics } from '@millrace/messages';
import { aborted, counter, FairQueue, type Logger, TerminalError } from '@millrace/runtime';
import { createTaskVersion } from '@millrace/workflow';
import { Activity } from './activity.ts';
import { Admission } from './admission.ts';
import type { Engine } from './engine.ts';
import { EntityOrder, type Place } from './entity-order.ts';
import { createDraft, createInput, type Input, startOf } from './input.ts';
import { decideRetry, decideStart, type Start } from './instance/decide-input.ts';
import { Draft } from './instance/draft.ts';
import { entitlement } from './instance/entitlement.ts';
import { isFinished } from './instance/state.ts';
import { shareRecord } from './shared-record.ts';
import { Slots } from './slots.ts';
import type { StartRate } from './start-rate.ts';
import type { Tables } from './tables.ts';
import { type CompiledVersion, compileVersion, type VersionCache } from './version-cache.ts';

type TaskType = Parameters<typeof createTaskVersion>[2];

const maxBatch = 512;
/** Where several tenants wait: a batch is what one waits behind the others. */
const sharedBatch = 128;
const leftAgainMs = 500;

const commands = counter('millrace_executor_commands_total', 'Commands taken, by what became of them');

/** Takes commands from the queue, loads their instances in batches and runs an activity for each: one per instance at a time. */
export class Dispatcher {
  readonly #queue: FairQueue<InRecord>;
  readonly #activityById = new Map<string, Activity>();
  readonly #running = new Set<Promise<void>>();
  readonly #order = new EntityOrder();
  readonly #slots = new Slots();
  #again: Input[] = [];
  readonly #admission: Admission;
  readonly #engine: Engine;
  readonly #bus: Pick<Bus, 'deadLetter'>;
  readonly #codec: Codec;
  readonly #tables: Tables;
  readonly #versions: VersionCache;
  readonly #logger: Logger;
  #pumping: Promise<void> | null = null;
  /** All that waits is beyond its tenants' rates. */
  #isWaitingForRoom = false;

  constructor(parts: {
    engine: Engine;
    bus: Pick<Bus, 'deadLetter'>;
    codec: Codec;
    tables: Tables;
    versions: VersionCache;
    rate: StartRate;
    /** Events that a tenant may have begun in a second; Infinity unless given. */
    eventsPerSecond?: (tenantId: string) => number;
    logger: Logger;
  }) {
    this.#engine = parts.engine;
    const { eventsPerSecond: perSecond } = parts;
    const { clock } = parts.engine;
    this.#queue = new FairQueue<InRecord>(tenantOf, {
      sharedMost: sharedBatch,
      ...(perSecond === undefined ? {} : { rate: { perSecond, now: () => clock.elapsed() } }),
    });
    this.#bus = parts.bus;
    this.#codec = parts.codec;
    this.#tables = parts.tables;
    this.#versions = parts.versions;
    this.#logger = parts.logger;
    const { tables } = parts;
    const { store, states } = parts.engine;
    this.#admission = new Admission({ tables, store, states, rate: parts.rate, isActive: (id) => this.#activityById.has(id) });
  }

  get queue(): Pick<FairQueue<InRecord>, 'size' | 'bytes' | 'keys'> {
    return this.#queue;
  }

  get activities(): number {
    return this.#activityById.size;
  }

  /** Queues undecoded commands under their tenant, which is their key. */
  take(records: readonly InRecord[]): void {
    for (const record of records) this.#queue.add(record);
    this.#pump();
  }

  /** Resolved when every activity that was begun has ended and detached calls are recorded. Takes nothing more once the engine is stopping. */
  async drain(): Promise<void> {
    await this.#pumping;
    this.#beginAgain(this.#again.splice(0));
    while (this.#running.size > 0 || this.#engine.detached.size > 0) await Promise.all([...this.#running, ...this.#engine.detached]);
  }

  #pump(): void {
    this.#pumping ??= this.#dispatch().finally(() => {
      this.#pumping = null;
    });
  }

  async #dispatch(): Promise<void> {
    const { stopping, backlog } = this.#engine;
    while (!stopping.aborted && (this.#queue.size > 0 || this.#again.length > 0)) {
      if (backlog.isFull) {
        await Promise.race([backlog.room(), aborted(stopping)]);
        continue;
      }
      const inputs = this.#takeAgain().filter((input) => !this.#isRevoked(input));
      const records = this.#queue.take(maxBatch, { roomOf: this.#roomOf });
      if (records.length === 0 && inputs.length === 0) return this.#awaitRoom();
      for (const record of records) {
        const input = record.assignment.isRevoked() ? null : await this.#decode(record);
        if (input === null || !isEvent(input)) this.#queue.refund(record);
        if (input !== null) inputs.push(input);
      }
      await this.#load(inputs);
    }
  }

  readonly #roomOf = (tenantId: string): number => this.#slots.roomOf(tenantId);

  /** Those that have a slot to go on in. */
  #takeAgain(): Input[] {
    const { now = [], later = [] } = Object.groupBy(this.#again, ({ command }) => (this.#roomOf(command.tenant_id) > 0 ? 'now' : 'later'));
    this.#again = later;
    return now;
  }

  /** A slot that is given back asks again. */
  #awaitRoom(): void {
    const ms = this.#queue.msUntilRoom({ roomOf: this.#roomOf });
    if (ms === null || this.#isWaitingForRoom) return;
    this.#isWaitingForRoom = true;
    this.#engine.clock.after(Math.ceil(ms), () => {
      this.#isWaitingForRoom = false;
      this.#pump();
    });
  }

  #isRevoked(input: Input): boolean {
    if (!input.record.assignment.isRevoked()) return false;
    input.place?.giveUp();
    return true;
  }

  /** A process that stops leaves them to whoever comes next. */
  #beginAgain(inputs: readonly Input[]): void {
    if (!this.#engine.stopping.aborted) this.#again.push(...inputs);
    else for (const { place } of inputs) place?.giveUp();
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

  /** Inputs of one entity one after the other, in the order of the log; entities beside each other. */
  async #load(inputs: readonly Input[]): Promise<void> {
    const ids = new Set<string>();
    const fresh: Input[] = [];
    for (const input of inputs) {
      const active = this.#activityById.get(input.instanceId);
      if (active !== undefined && (input.kind !== 'start' || active.isDurable)) active.attach(input);
      else if (ids.has(input.instanceId)) this.#again.push(input);
      else {
        fresh.push(input);
        if (active === undefined && input.instanceId !== '') ids.add(input.instanceId);
      }
    }
    const [rows] = await Promise.all([this.#engine.store.find([...ids]), this.#admission.prepare(fresh)]);
    const inOrder = [...Map.groupBy(fresh, entityOf).values()].map(async (ofEntity) => {
      for (const input of ofEntity) {
        if (input.instanceId === '') this.#track(input, this.#deliver(input));
        else if (ids.has(input.instanceId)) await this.#begin(input, rows.get(input.instanceId) ?? null);
        else this.#join(input);
      }
    });
    await Promise.all(inOrder);
  }

  /** A start of an instance that was being made already keeps its own place: the other's may belong to an assignment that is over. */
  #join(input: Input): void {
    input.place ??= this.#placeOf(input);
    const active = this.#activityById.get(input.instanceId);
    if (active === undefined) this.#beginAgain([input]);
    else active.attach(input);
  }

  #placeOf(input: Input): Place {
    return this.#order.enter(entityOf(input), input.record.assignment.generation, input.instanceId);
  }

  async #begin(input: Input, row: InstanceRow | null): Promise<void> {
    try {
      const owner = entitlement(row, input);
      if (owner === 'ignore') return this.#settle(input, 'ignored');
      if (owner === 'republish') return this.#track(input, this.#republish(input, row as InstanceRow));
      const start = row === null || row.status === 'pending' ? startOf(input, row) : null;
      const draft = row === null ? createDraft(input, start as Start, this.#engine.clock.now()) : Draft.of(row);
      if (owner === 'retry' && !(await this.#retry(input, draft))) return this.#settle(input, 'retry_refused');
      const version = await this.#versionOf(draft, start);
      if (start !== null) {
        const verdict = await this.#admission.decide(input, draft, version, start.blocked);
        if (verdict.kind === 'drop') return this.#settle(input, verdict.reason);
        draft.add(
          decideStart(
            draft.state,
            { ...start, blocked: verdict.kind === 'start' ? null : verdict.reason, traceparent: input.traceparent },
            this.#engine.clock.now(),
          ),
        );
      }
      if (this.#engine.stopping.aborted) return input.place?.giveUp();
      if (this.#isRevoked(input)) return;
      if (start !== null) input.place ??= this.#placeOf(input);
      this.#start(input, draft, version);
    } catch (error) {
      input.place?.pass();
      await this.#bury(input.record, error);
    }
  }

  /** False where the version that it is to go on with lacks an action that is finished already. */
  async #retry({ command: { command } }: Input, draft: Draft): Promise<boolean> {
    if (!('millrace.RetryInstance' in command)) return false;
    const { requested_by: requestedBy, row_version: rowVersion, use_latest_version: useLatest } = command['millrace.RetryInstance'];
    const { workflowId, workflowVersion: pinned } = draft.row;
    if (workflowId === null || pinned === null) return false;
    const latest = useLatest ? await this.#engine.store.waitOut(() => this.#tables.findLatestVersion(workflowId)) : pinned;
    const workflowVersion = latest ?? pinned;
    const version = await this.#engine.store.waitOut(() => this.#versions.get(workflowId, workflowVersion));
    draft.add(decideRetry(draft.state, { requestedBy, rowVersion, workflowVersion }, this.#engine.clock.now()));
    const finished = [...draft.state.actionById].filter(([, action]) => isFinished(action) && action.status !== 'skipped');
    return version !== null && finished.every(([actionId]) => version.version.actions.some(({ id }) => id === actionId));
  }

  async #versionOf({ row, state }: Draft, start: Start | null): Promise<CompiledVersion | null> {
    const { workflowId, workflowVersion } = row;
    const task = state.start?.task ?? start?.task ?? null;
    if (task !== null && task.type !== 'workflow') {
      return compileVersion(createTaskVersion(row.tenantId, task.id, task.type as TaskType, task.config));
    }
    if (workflowId === null || workflowVersion === null) return null;
    return this.#engine.store.waitOut(() => this.#versions.get(workflowId, workflowVersion));
  }

  /** Hands an event to every instance that waits for it, once the earlier instances of its entity are durable (P7). */
  async #deliver(input: Input): Promise<void> {
    try {
      const place = this.#order.enter(entityOf(input), input.record.assignment.generation, null);
      if (!(await place.before)) return place.giveUp();
      place.pass();
      const { store } = this.#engine;
      await store.settled();
      const { tenant_id: tenantId, entity_type: entityType, entity_id: entityId } = input.command;
      const eventName = (input.event as EventView).event_type;
      const ids = await store.waitOut(() => this.#tables.findSubscribers({ tenantId, eventName, entityType, entityId }));
      if (ids.length === 0) return this.#settle(input, 'nobody_waits');
      const records = shareRecord(input.record, ids.length);
      this.#again.push(...ids.map((instanceId, index) => ({ ...input, instanceId, record: records[index] as InRecord })));
      this.#pump();
    } catch (error) {
      await this.#bury(input.record, error);
    }
  }

  #start(input: Input, draft: Draft, version: CompiledVersion | null): void {
    const activity = new Activity(this.#engine, draft, version, input);
    this.#activityById.set(input.instanceId, activity);
    this.#track(input, this.#run(activity, input));
  }

  #track({ command: { tenant_id: tenantId } }: Input, running: Promise<void>): void {
    this.#running.add(running);
    this.#slots.take(tenantId);
    void running.finally(() => {
      this.#running.delete(running);
      this.#slots.release(tenantId);
      this.#pump();
    });
  }

  /** The instance belongs to somebody else, or has ended: what may be unacknowledged goes out again. */
  async #republish(input: Input, row: InstanceRow): Promise<void> {
    try {
      const draft = Draft.of(row);
      await this.#engine.store.republish(draft, input.traceparent ?? draft.state.traceparent);
      if (input.kind === 'event') await this.#engine.store.unsubscribe(draft);
      this.#settle(input, 'republished');
    } catch (error) {
      await this.#bury(input.record, error);
    }
  }

  async #run(activity: Activity, input: Input): Promise<void> {
    try {
      const result = await activity.run();
      if (result === 'done') this.#settle(input, 'done');
      else if (result === 'again') this.#beginAgain([input]);
      else this.#leave(input);
    } catch (error) {
      await this.#failInstance(input.instanceId, error);
      await this.#bury(input.record, error);
    } finally {
      this.#activityById.delete(input.instanceId);
      this.#beginAgain(activity.attached);
    }
  }

  /** An activity that broke down must not leave its instance to nobody. */
  async #failInstance(instanceId: string, cause: unknown): Promise<void> {
    this.#logger.error({ err: cause, instance: instanceId }, 'an activity broke down');
    await this.#engine.store
      .fail(instanceId, 'internal')
      .catch((error) => this.#logger.error({ err: error, instance: instanceId }, 'an instance could not be failed'));
  }

  /** Nothing was begun. Where the assignment only seemed to be over, a heartbeat that came late says so. */
  #leave(input: Input): void {
    if (this.#engine.stopping.aborted) input.place?.giveUp();
    else if (!this.#isRevoked(input)) {
      this.#engine.clock.after(leftAgainMs, () => {
        this.#beginAgain([input]);
        this.#pump();
      });
    }
  }

  /** The input needs nothing more: it keeps nobody behind its place either. */
  #settle(input: Input, outcome: string): void {
    commands.add(1, { outcome });
    input.place?.pass();
    input.record.done();
  }
}

function tenantOf({ key }: InRecord): string {
  return key?.toString('utf8') ?? '';
}

/** What counts against a tenant's events per second: what goes on with an instance, or ends it, is none. */
function isEvent({ command: { command } }: Input): boolean {
  return 'millrace.StartInstance' in command || 'millrace.DeliverEvent' in command;
}

function entityOf({ command: { tenant_id: tenantId, entity_type: entityType, entity_id: entityId } }: Input): string {
  return `${tenantId}/${entityType}/${entityId}`;
}
