import type { InRecord } from '@millrace/bus';
import { type DeliverEvent, type EventView, topics, type WorkflowCommand } from '@millrace/messages';
import { hasEnded, isFinished } from '../../src/instance/state.ts';
import { findPlace } from '../../src/instance/walk.ts';
import { messageOf, partitions, type SimulatedBroker } from './broker.ts';
import type { SimulatedDatabase, StoredRow } from './database.ts';
import { type Definitions, heardWithinMs } from './definitions.ts';
import type { MadeCall, SimulatedEffects } from './effects.ts';
import type { SimulatedGroup } from './group.ts';
import type { SimulatedProcess } from './process.ts';
import { outcomesOf, stored } from './stored-state.ts';
import type { World } from './world.ts';

/** By how much a clock that is off and a delay's second of grace may make an action early. */
const earliestMs = 1_000;

interface Started {
  instanceId: string;
  workflowId: number;
  version: number;
  event: EventView;
  /** Of its event; null where it came by no topic. */
  originOffset: number | null;
  offset: number;
}

/** Watches what a simulation does, and says at once where a promise is broken. */
export class Watch {
  readonly #world: World;
  readonly #broker: SimulatedBroker;
  readonly #database: SimulatedDatabase;
  readonly #definitions: Definitions;
  readonly #group: SimulatedGroup;
  readonly #effects: SimulatedEffects;
  readonly #outcomesBefore = new Map<MadeCall, number>();
  /** The first start of each instance, by entity, in the order of the log. */
  readonly startsByEntity = new Map<string, Started[]>();
  readonly #interruptedAt: number[] = [];
  /** When an instance was made: several may be at once. */
  readonly createdAt = new Map<string, number>();
  /** Instances that weren't there when an event was done with that they are to have. */
  readonly missed: { instanceId: string; eventId: string }[] = [];

  constructor(parts: {
    world: World;
    broker: SimulatedBroker;
    database: SimulatedDatabase;
    definitions: Definitions;
    group: SimulatedGroup;
    effects: SimulatedEffects;
  }) {
    this.#world = parts.world;
    this.#broker = parts.broker;
    this.#database = parts.database;
    this.#definitions = parts.definitions;
    this.#group = parts.group;
    this.#effects = parts.effects;
    parts.database.onWritten((before, after) => this.#written(before, after));
    parts.effects.onBegun((call) => this.#begun(call));
    parts.broker.onAppended(topics.workflowCommands.name, ({ offset, value }) => this.#sent(offset, messageOf(value) as WorkflowCommand));
  }

  /** A fault: what the process has begun and not made durable is in flight. */
  interrupt(process: SimulatedProcess): void {
    this.#interruptedAt.push(this.#world.nowMs);
    for (const call of this.#effects.calls) {
      if (call.process === process && this.#outcomes(call) === this.#outcomesBefore.get(call)) call.wasInterrupted = true;
    }
  }

  /** Whether some process has died, stood still or given its partitions up meanwhile. */
  wasInterrupted(fromMs: number, toMs: number): boolean {
    return this.#interruptedAt.some((atMs) => atMs >= fromMs && atMs <= toMs);
  }

  /** A row that nobody has touched for long and nothing wakes: it must belong to an input that isn't committed (P10). */
  swept({ id, entityId }: StoredRow): void {
    for (let partition = 0; partition < partitions; partition += 1) {
      for (const { value } of this.#broker.commands(partition).slice(this.#group.committed[partition])) {
        const command = messageOf(value) as WorkflowCommand;
        if (command.instance_id === id || (command.instance_id === '' && command.entity_id === entityId)) return;
      }
    }
    this.#world.break('P10', `instance ${id} is neither parked nor does it belong to an input`);
  }

  /** A process needs a record no longer. */
  done({ value, offset }: InRecord): void {
    const command = messageOf(value as Buffer) as WorkflowCommand;
    const body = command.command;
    if ('millrace.DeliverEvent' in body) this.#delivered(command.entity_id, body['millrace.DeliverEvent'], Number(offset));
    const row = this.#database.rows.get(command.instance_id);
    if (row === undefined) return;
    const { state } = stored(row);
    if ('millrace.CancelInstance' in body) {
      const isStale = state.retriedRowVersion >= body['millrace.CancelInstance'].row_version;
      if (!hasEnded(state) && state.cancelRequested === null && !isStale) this.#world.break('cancel', `of ${row.id} was lost`);
    }
    if ('millrace.RetryInstance' in body && !body['millrace.RetryInstance'].use_latest_version) {
      if (row.status === 'failed' && row.rowVersion === body['millrace.RetryInstance'].row_version) {
        this.#world.break('retry', `of ${row.id} was lost`);
      }
    }
  }

  #sent(offset: number, { command, instance_id: instanceId, entity_id: entityId }: WorkflowCommand): void {
    if (!('millrace.StartInstance' in command)) return;
    const { workflow_id: workflowId, workflow_version: version, event, origin_offset: origin } = command['millrace.StartInstance'];
    const starts = this.startsByEntity.get(entityId) ?? [];
    this.startsByEntity.set(entityId, starts);
    if (starts.some((each) => each.instanceId === instanceId)) return;
    starts.push({ instanceId, workflowId, version, event: JSON.parse(event) as EventView, originOffset: origin, offset });
  }

  #written(before: StoredRow | undefined, after: StoredRow): void {
    if (before === undefined) this.createdAt.set(after.id, this.#world.nowMs);
  }

  #outcomes({ instanceId, actionId }: MadeCall): number {
    const row = this.#database.rows.get(instanceId);
    return row === undefined ? 0 : outcomesOf(row, actionId).length;
  }

  #begun(call: MadeCall): void {
    this.#outcomesBefore.set(call, this.#outcomes(call));
    const row = this.#database.rows.get(call.instanceId);
    const retiredAtMs = row?.workflowId == null ? null : this.#definitions.retiredAtMs(row.workflowId);
    // Who has stood still hears of it when it goes on.
    const hasHeard =
      retiredAtMs !== null && this.#world.nowMs > retiredAtMs + heardWithinMs && !this.wasInterrupted(retiredAtMs, this.#world.nowMs);
    if (hasHeard)
      this.#world.break('disable', `${call.key} was called ${this.#world.nowMs - retiredAtMs} ms after its workflow was retired`);
    if (!call.isWorld) return;
    const broken = (promise: string, message: string) => this.#world.break(promise, `${call.key} ${message}`);
    if (row === undefined || row.workflowId === null || row.workflowVersion === null) {
      if (!this.#database.removed.has(call.instanceId)) broken('P6', 'was called before its instance was durable');
      return;
    }
    const { state } = stored(row);
    const own = state.actionById.get(call.actionId);
    // A repeat of what was in flight, whose outcome has become durable since its instance was loaded: checkCalls counts it.
    if (hasEnded(state) || (own !== undefined && isFinished(own))) return;
    const version = this.#definitions.version(row.workflowId, row.workflowVersion);
    const place = findPlace(state, version);
    if (place.kind !== 'action' || place.action.id !== call.actionId) {
      broken('P6', `was called while ${place.kind === 'action' ? place.action.id : place.kind} is next by what is durable`);
      return;
    }
    if (own?.delayUntilMs != null && this.#world.nowMs < own.delayUntilMs - earliestMs)
      broken('P9', 'was called before its delay was over');
    if (!place.action.at_most_once) return;
    if (own?.startedAttempt == null) broken('P5', 'was called before its intent was durable');
    const before = this.#effects.calls.filter((each) => each.key === call.key && each !== call);
    if (before.some(({ isCertain }) => !isCertain)) broken('P5', 'was called again although what came of it is unknown');
  }

  /** Every instance of the entity that started before the event and waits for its name must have it, if it lives. */
  #delivered(entityId: string, delivery: DeliverEvent, offset: number): void {
    const event = JSON.parse(delivery.event) as EventView;
    for (const start of this.startsByEntity.get(entityId) ?? []) {
      const { instanceId, workflowId, version, originOffset } = start;
      const isBefore = originOffset !== null && delivery.origin_offset < originOffset;
      if (start.offset > offset || isBefore || start.event.event_id === event.event_id) continue;
      const row = this.#database.rows.get(instanceId);
      const waits = this.#definitions.version(workflowId, row?.workflowVersion ?? version).waits_for.includes(event.event_type);
      if (!waits || this.#database.removed.has(instanceId)) continue;
      if (row === undefined) {
        this.missed.push({ instanceId, eventId: event.event_id });
        continue;
      }
      const { state } = stored(row);
      const isKept = hasEnded(state) || state.retries > 0 || state.received.some((item) => item.event.event_id === event.event_id);
      if (!isKept) this.#world.break('wait', `the event ${event.event_id} was lost to ${instanceId}`);
    }
  }
}
