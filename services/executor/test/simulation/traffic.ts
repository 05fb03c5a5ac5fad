import type { InstanceRow } from '@millrace/db';
import { type CrmEvent, type EventView, instanceId, topics, type WorkflowCommand } from '@millrace/messages';
import { messageOf, passThroughCodec, type SimulatedBroker } from './broker.ts';
import type { SimulatedDatabase } from './database.ts';
import { type Definitions, tenantId } from './definitions.ts';
import { answer, chained } from './workflows.ts';
import type { World } from './world.ts';

const entities = ['lead-1', 'lead-2', 'lead-3', 'lead-4'];
/** Events that instances cause start others, but those that these cause don't. */
const deepest = 1;
/** Of the API: a start that gets no answer is taken up after this long. */
const takeUpAfterMs = 5_000;

/** What the matcher and the API send: starts, deliveries, cancels and retries by hand, in order, with repeats and replays. */
export class Traffic {
  /** Until when it sends. */
  readonly untilMs: number;
  readonly #world: World;
  readonly #broker: SimulatedBroker;
  readonly #database: SimulatedDatabase;
  readonly #definitions: Definitions;
  /** What the matcher has sent, per event. */
  readonly #sent: WorkflowCommand[][] = [];
  /** Ids of the instances that an accepted event must have started. */
  readonly expected = new Map<string, number>();
  #origins = 0;

  constructor(world: World, broker: SimulatedBroker, database: SimulatedDatabase, known: Definitions) {
    this.#world = world;
    this.#broker = broker;
    this.#database = database;
    this.#definitions = known;
    this.untilMs = world.nowMs + world.random.between(8_000, 40_000);
    this.#plan();
    known.onRetired((workflowId, reason) => this.#cancelLive(workflowId, reason));
    broker.onAppended(topics.workflowEvents.name, ({ value }) => this.#chain(value));
    database.onWritten((_, row) => {
      if (row.status === 'failed') this.#retrySoon(row);
    });
  }

  #plan(): void {
    const { random } = this.#world;
    for (let events = random.between(2, 18); events > 0; events -= 1) this.#sometime(() => this.#happen());
    for (let starts = random.between(0, 3); starts > 0; starts -= 1) this.#sometime(() => this.#startByApi());
    for (let cancels = random.between(0, 5); cancels > 0; cancels -= 1) this.#sometime(() => this.#cancelOne());
    for (let changes = random.between(-2, 2); changes > 0; changes -= 1) this.#sometime(() => this.#changeOne());
    this.#replayLater();
  }

  #sometime(run: () => void): void {
    const { time, random, nowMs } = this.#world;
    time.after(random.between(0, this.untilMs - nowMs), run);
  }

  #happen(): void {
    const { random } = this.#world;
    const type = random.chance(0.45) ? answer : `started-${random.pick(this.#definitions.ids)}`;
    this.#match(this.#event(`e-${this.#origins}`, type, random.pick(entities)));
  }

  #event(id: string, type: string, entityId: string): EventView {
    return {
      event_id: id,
      event_type: type,
      entity_type: 'lead',
      entity_id: entityId,
      occurred_at: new Date(this.#world.nowMs).toISOString(),
      source: 'simulation',
      bulk_id: null,
      causation: null,
      data: { lead_id: entityId, lead_score: this.#world.random.between(0, 100) },
      previous: null,
    };
  }

  #match(event: EventView): void {
    const offset = this.#origins++;
    const starts = this.#definitions
      .startedBy(event.event_type)
      .map(({ workflowId, version }) => this.#start(event, workflowId, version, offset));
    const awaited = event.event_type === answer || event.event_type === chained;
    const commands = awaited ? [...starts, this.#delivery(event, offset)] : starts;
    this.#sent.push(commands);
    this.#send(commands);
    if (this.#world.random.chance(0.15)) this.#world.time.after(this.#world.random.between(0, 3_000), () => this.#send(commands));
  }

  #start(event: EventView, workflowId: number, version: number, offset: number | null): WorkflowCommand {
    const id = instanceId({ tenantId, workflowId, kind: 'event', originId: event.event_id });
    this.expected.set(id, workflowId);
    return this.#command(id, event.entity_id, {
      'millrace.StartInstance': {
        workflow_id: workflowId,
        workflow_version: version,
        trigger_id: 1,
        triggered_by: 'event',
        triggered_by_value: event.event_id,
        event: JSON.stringify(event),
        blocked: (event.causation?.depth ?? 0) > deepest ? 'loop_blocked' : null,
        origin_topic: offset === null ? null : 'crm.events',
        origin_partition: offset === null ? null : 0,
        origin_offset: offset,
      },
    });
  }

  #delivery(event: EventView, offset: number): WorkflowCommand {
    const origin = { origin_topic: 'crm.events', origin_partition: 0, origin_offset: offset };
    return this.#command('', event.entity_id, { 'millrace.DeliverEvent': { event: JSON.stringify(event), ...origin } });
  }

  /** What workflows emit is matched again, as often as it lies on the topic. */
  #chain(value: Buffer): void {
    const { event_id: id, entity_id: entityId, causation } = messageOf(value) as CrmEvent;
    const event = { ...this.#event(id, chained, entityId), causation, data: { lead_id: entityId, lead_score: 60 } };
    this.#world.time.after(this.#world.random.between(1, 30), () => this.#match(event));
  }

  /** The row is there before its start is sent, which may never be. */
  #startByApi(): void {
    const { random, nowMs, time } = this.#world;
    const workflowId = random.pick(this.#definitions.ids);
    if (!this.#definitions.alwaysStarts(workflowId)) return;
    const version = this.#definitions.latestOf(workflowId);
    const event = this.#event(`api-${this.#origins++}`, 'api', random.pick(entities));
    const id = instanceId({ tenantId, workflowId, kind: 'api', originId: event.event_id });
    this.expected.set(id, workflowId);
    const start = { event, triggered_by: 'lead_id', triggered_by_value: event.entity_id, trigger_id: null };
    this.#database.insertPending({
      ...aPendingRow,
      id,
      workflowId,
      workflowVersion: version,
      entityId: event.entity_id,
      inbox: JSON.stringify({ start }),
      wakeAtMs: nowMs + takeUpAfterMs,
      createdAtMs: nowMs,
    });
    if (random.chance(0.2)) return;
    const command = this.#start(event, workflowId, version, null);
    const sent = { ...command, instance_id: id };
    this.expected.delete(command.instance_id);
    time.after(random.between(1, 200), () => this.#send([sent]));
  }

  #cancelOne(): void {
    const { random } = this.#world;
    const live = [...this.#database.rows.values()].filter(isLive);
    if (live.length > 0) this.#cancelSoon(random.pick(live), 'requested');
  }

  #cancelSoon({ id, entityId, rowVersion }: InstanceRow, reason: string): void {
    const { random, time } = this.#world;
    const command = this.#command(id, entityId, { 'millrace.CancelInstance': { row_version: rowVersion, requested_by: 'user-1', reason } });
    for (let times = random.chance(0.2) ? 2 : 1; times > 0; times -= 1) time.after(random.between(1, 400), () => this.#send([command]));
  }

  #cancelLive(workflowId: number, reason: string): void {
    for (const row of this.#database.rows.values()) if (row.workflowId === workflowId && isLive(row)) this.#cancelSoon(row, reason);
  }

  #retrySoon({ id, entityId, rowVersion }: InstanceRow): void {
    const { random, time, nowMs } = this.#world;
    if (nowMs > this.untilMs || !random.chance(0.4)) return;
    const retry = { row_version: rowVersion, requested_by: 'user-1', use_latest_version: random.chance(0.3) };
    const command = this.#command(id, entityId, { 'millrace.RetryInstance': retry });
    for (let times = random.chance(0.3) ? 2 : 1; times > 0; times -= 1) time.after(random.between(1, 3_000), () => this.#send([command]));
  }

  #changeOne(): void {
    const { random, time } = this.#world;
    const workflowId = random.pick(this.#definitions.ids);
    const kind = random.pick(['version', 'version', 'disable', 'cancel', 'delete'] as const);
    if (kind === 'version') this.#definitions.change(workflowId, {});
    else if (kind === 'delete') this.#definitions.change(workflowId, { deleted: true });
    else this.#definitions.change(workflowId, { enabled: false, onDisable: kind === 'cancel' ? 'cancel' : 'finish' });
    if (kind === 'delete' && random.chance(0.5)) time.after(random.between(6_000, 30_000), () => this.#database.removeEnded(workflowId));
  }

  /** A matcher that has died sends again what came after its committed offset, in order. */
  #replayLater(): void {
    const { time, random, faults } = this.#world;
    if (faults.replayEveryMs === 0) return;
    time.after(random.between(1, 2 * faults.replayEveryMs), () => {
      if (this.#world.faults.replayEveryMs === 0) return;
      this.#world.note(() => 'the matcher sends again');
      for (const commands of this.#sent.slice(-random.between(1, 6))) this.#send(commands);
      this.#replayLater();
    });
  }

  #command(id: string, entityId: string, command: WorkflowCommand['command']): WorkflowCommand {
    return { tenant_id: tenantId, instance_id: id, entity_type: 'lead', entity_id: entityId, command };
  }

  #send(commands: readonly WorkflowCommand[]): void {
    for (const command of commands) sendCommand(this.#world, this.#broker, command);
  }
}

export function sendCommand(world: World, broker: SimulatedBroker, command: WorkflowCommand): void {
  const { tenant_id: tenant, entity_type: entityType, entity_id: entityId } = command;
  const value = passThroughCodec.encode(topics.workflowCommands, command) as Buffer;
  const { partition, offset } = broker.append({ topic: topics.workflowCommands, tenantId: tenant, entityType, entityId, value });
  world.note(
    () =>
      `log ${partition}/${offset} ${Object.keys(command.command)[0]?.slice(9)} ${command.instance_id.slice(0, 6)} ${entityId} ${detailOf(command)}`,
  );
}

function detailOf({ command }: WorkflowCommand): string {
  const [body] = Object.values(command) as { event?: string; row_version?: number }[];
  return body?.event === undefined ? `v${body?.row_version}` : JSON.parse(body.event).event_id;
}

export function isLive({ status }: Pick<InstanceRow, 'status'>): boolean {
  return status === 'pending' || status === 'running';
}

const aPendingRow = {
  tenantId,
  scheduledTaskId: null,
  scheduledForMs: null,
  entityType: 'lead',
  triggeredBy: 'lead_id',
  triggeredByValue: 'api',
  status: 'pending' as const,
  progress: 0,
  executedActions: 0,
  failedActions: 0,
  rowVersion: 0,
  journal: '[]',
  publishedSeq: 0,
  waitingFor: 'start',
  startedAtMs: null,
  completedAtMs: null,
};
