import type { Bus, InRecord } from '@millrace/bus';
import type { InstanceRow } from '@millrace/db';
import { type Codec, type EventView, topics } from '@millrace/messages';
import { aborted, counter, FairQueue, type Logger, TerminalError } from '@millrace/runtime';
import { Activity } from './activity.ts';
import { Admission } from './admission.ts';
import { type Beginnings, decideBeginning } from './beginning.ts';
import type { Engine } from './engine.ts';
import { EntityOrder, type Place } from './entity-order.ts';
import { createInput, type Input } from './input.ts';
import { Draft } from './instance/draft.ts';
import { shareRecord } from './shared-record.ts';
import { Slots } from './slots.ts';
import type { StartRate } from './start-rate.ts';
import type { Tables } from './tables.ts';
import type { CompiledVersion, VersionCache } from './version-cache.ts';

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
  readonly #slots: Slots;
  #again: Input[] = [];
  readonly #beginnings: Beginnings;
  readonly #engine: Engine;
  readonly #bus: Pick<Bus, 'deadLetter'>;
  readonly #codec: Codec;
  readonly #tables: Tables;
  readonly #logger: Logger;
  #pumping: Promise<void> | null = null;
  #isAsked = false;
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
    this.#logger = parts.logger;
    const { tables } = parts;
    const { store, states, turns } = parts.engine;
    this.#slots = new Slots(turns);
    turns.onWaiting(() => this.#pump());
    const admission = new Admission({ tables, store, states, rate: parts.rate, isActive: (id) => this.#activityById.has(id) });
    this.#beginnings = { engine: parts.engine, tables, versions: parts.versions, admission };
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

  /** What is asked for while a round ends is met by another: a slot may come free at any moment. */
  #pump(): void {
    this.#isAsked = true;
    this.#pumping ??= this.#dispatchWhileAsked();
  }

  async #dispatchWhileAsked(): Promise<void> {
    try {
      while (this.#isAsked) {
        this.#isAsked = false;
        await this.#dispatch();
      }
    } finally {
      this.#pumping = null;
    }
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
    const [rows] = await Promise.all([this.#engine.store.find([...ids]), this.#beginnings.admission.prepare(fresh)]);
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
      const beginning = await decideBeginning(this.#beginnings, input, row);
      if (beginning.kind === 'settle') return this.#settle(input, beginning.outcome);
      if (beginning.kind === 'republish') return this.#track(input, this.#republish(input, beginning.row));
      if (this.#engine.stopping.aborted) return input.place?.giveUp();
      if (this.#isRevoked(input)) return;
      if (beginning.isStart) input.place ??= this.#placeOf(input);
      this.#start(input, beginning.draft, beginning.version);
    } catch (error) {
      input.place?.pass();
      await this.#bury(input.record, error);
    }
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
