import type { ExecutionLog, LogEntry } from '@millrace/messages';
import type { Entry } from '../../src/instance/entries.ts';
import { evolve } from '../../src/instance/evolve.ts';
import { actionState, hasEnded, type InstanceState, initialState, isFinished } from '../../src/instance/state.ts';
import { findPlace } from '../../src/instance/walk.ts';
import { partitions, type SimulatedBroker } from './broker.ts';
import type { SimulatedDatabase, StoredRow } from './database.ts';
import type { Definitions } from './definitions.ts';
import type { MadeCall, SimulatedEffects } from './effects.ts';
import { type SimulatedGroup, sessionTimeoutMs } from './group.ts';
import { outcomesOf, stored } from './stored-state.ts';
import type { Traffic } from './traffic.ts';
import type { Watch } from './watch.ts';
import type { World } from './world.ts';

/** By how much two clocks may differ, and a little. */
const clockSlackMs = 1_000;

export interface Simulated {
  world: World;
  broker: SimulatedBroker;
  group: SimulatedGroup;
  database: SimulatedDatabase;
  effects: SimulatedEffects;
  definitions: Definitions;
  traffic: Traffic;
  watch: Watch;
  /** Of `workflow.execution-log`, in the order of the log. */
  published: readonly ExecutionLog[];
}

/** Whether everything has come to rest: nothing is to come any more. */
export function isAtRest({ database, group, broker }: Pick<Simulated, 'database' | 'group' | 'broker'>): boolean {
  for (const row of database.rows.values()) if (!isAtEnd(row)) return false;
  for (let partition = 0; partition < partitions; partition += 1) {
    if (group.committed[partition] !== broker.commands(partition).length) return false;
  }
  return true;
}

function isAtEnd({ status, wakeAtMs }: StoredRow): boolean {
  return (status === 'completed' || status === 'failed' || status === 'cancelled') && wakeAtMs === null;
}

/** Checks the promises of the engine on what a simulation has come to. */
export function checkEnd(all: Simulated): void {
  const { world, database, group, broker } = all;
  for (const row of database.rows.values()) {
    if (!isAtEnd(row)) world.break('P10', `instance ${row.id} is stuck: ${row.status}, waits for ${row.waitingFor}`);
  }
  for (let partition = 0; partition < partitions; partition += 1) {
    const [end, committed] = [broker.commands(partition).length, group.committed[partition]];
    if (end !== committed) world.break('P10', `partition ${partition} is done up to ${committed} of ${end}`);
  }
  checkStarts(all);
  const callsByInstance = Map.groupBy(all.effects.calls, ({ instanceId }) => instanceId);
  const audit = auditOf(all);
  for (const row of database.rows.values()) {
    checkState(all, row);
    checkCalls(all, row, callsByInstance.get(row.id) ?? []);
    checkWaits(all, row);
    checkAudit(all, row, audit.get(row.id) ?? new Map());
  }
}

/** P1, P7. */
function checkStarts({ world, database, definitions, traffic, watch }: Simulated): void {
  const isThere = (id: string) => database.rows.has(id) || database.removed.has(id);
  for (const [id, workflowId] of traffic.expected) {
    if (definitions.alwaysStarts(workflowId) && !isThere(id)) world.break('P1', `there is no instance ${id} of workflow ${workflowId}`);
  }
  for (const { id } of database.rows.values()) if (!traffic.expected.has(id)) world.break('P1', `nobody has asked for instance ${id}`);
  for (const starts of watch.startsByEntity.values()) {
    let latest = 0;
    for (const { instanceId, workflowId } of starts) {
      // What one process has refused, as it knew of a deletion, another may have begun before.
      if (!definitions.alwaysStarts(workflowId)) continue;
      const row = database.rows.get(instanceId);
      const at = watch.createdAt.get(instanceId);
      if (row === undefined || at === undefined || row.triggeredBy !== 'event') continue;
      if (at < latest) world.break('P7', `instance ${instanceId} was created before one that came earlier`);
      latest = Math.max(latest, at);
    }
  }
  for (const { instanceId, eventId } of watch.missed) {
    const row = database.rows.get(instanceId);
    if (row === undefined) continue;
    const { state } = stored(row);
    if (!state.received.some(({ event }) => event.event_id === eventId) && !wasRefused(state)) {
      world.break('wait', `the event ${eventId} came before ${instanceId} was durable, and was lost to it`);
    }
  }
}

function wasRefused({ status, seq }: InstanceState): boolean {
  return status === 'cancelled' && seq === 2;
}

/** P2, and that the row says what its journal does. */
function checkState({ world, definitions }: Simulated, row: StoredRow): void {
  const { state, entries } = stored(row);
  const broken = (promise: string, message: string) => world.break(promise, `instance ${row.id} ${message}`);
  const says = [row.status, row.executedActions, row.failedActions, row.startedAtMs];
  if (says.join() !== [state.status, state.executedActions, state.failedActions, state.startedAtMs].join()) {
    broken('state', `is ${says} by its row, but otherwise by its journal`);
  }
  if (entries.some((entry) => 'error_code' in entry && entry.error_code === 'internal')) broken('P2', 'has failed for a fault of ours');
  if (!hasEnded(state) || row.workflowId === null || row.workflowVersion === null) return;
  const version = definitions.version(row.workflowId, row.workflowVersion);
  const exited = entries.some((entry) => entry.type === 'action_completed' && entry.action_type === 'exit');
  if (row.status === 'completed' && !exited && findPlace(state, version).kind !== 'end') broken('P2', 'has completed with actions left');
  const last = state.lastActionId === null ? undefined : state.actionById.get(state.lastActionId);
  const hasFailed = last !== undefined && (last.status === 'failed' || last.status === 'unknown');
  if (row.status === 'failed' && !exited && !hasFailed) broken('P2', 'has failed without an action that has');
  for (const { id } of version.actions) {
    const action = actionState(state, id);
    if (row.status === 'completed' && !isFinished(action) && !exited) broken('P2', `has completed without action ${id}`);
  }
}

/** P3, P4 and P2: what was called is what is recorded. */
function checkCalls(all: Simulated, row: StoredRow, calls: readonly MadeCall[]): void {
  const { state, entries } = stored(row);
  const broken = (promise: string, message: string) => all.world.break(promise, `instance ${row.id} ${message}`);
  for (const [key, ofKey] of Map.groupBy(calls, (call) => call.key)) {
    if (new Set(ofKey.map(({ input }) => input)).size > 1) broken('P3', `has called ${key} with several inputs`);
    const retry = /^[0-9a-f]{32}\/\d+(?:~(\d+))?$/.exec(key);
    if (retry === null || Number(retry[1] ?? 0) > state.retries) broken('P3', `has called ${key}, which is no key of it`);
  }
  for (const [actionId, ofAction] of Map.groupBy(calls, (call) => call.actionId)) {
    const recorded = outcomesOf(row, actionId).length;
    const interrupted = ofAction.filter(({ wasInterrupted }) => wasInterrupted).length;
    // A cancel that the owner before had on its way to the database: what was begun meanwhile comes too late.
    const isLate = ({ atMs }: MadeCall) => row.status === 'cancelled' && all.watch.wasInterrupted(atMs - sessionTimeoutMs, atMs);
    const late = ofAction.some(isLate) ? 1 : 0;
    if (ofAction.length > recorded + interrupted + late) {
      broken('P4', `has called action ${actionId} ${ofAction.length} times, ${recorded} are recorded, ${interrupted} were interrupted`);
    }
  }
  for (const entry of entries) {
    if (entry.type !== 'action_completed' || !['http_request', 'add_tag', 'emit_event'].includes(entry.action_type)) continue;
    if (!calls.some(({ actionId }) => actionId === entry.action_id)) broken('P2', `has completed action ${entry.action_id} without a call`);
  }
  for (const entry of entries) if ('action_id' in entry && reasonOf(entry) === 'caller_lost') checkLost(all, row, entry, calls);
}

/** An attempt whose caller was lost: there was a fault, and where it is made once at most and there was none beside it, it was made. */
function checkLost(
  { world, watch, definitions }: Simulated,
  row: StoredRow,
  lost: Entry & { action_id: number },
  calls: readonly MadeCall[],
): void {
  const broken = (promise: string, message: string) => world.break(promise, `instance ${row.id} ${message}`);
  const ofAction = calls.filter(({ actionId }) => actionId === lost.action_id);
  if (!world.isFaulty && !ofAction.some(({ wasInterrupted }) => wasInterrupted)) broken('P4', 'has lost a caller without a fault');
  const node = definitions.version(row.workflowId as number, row.workflowVersion as number).actions.find(({ id }) => id === lost.action_id);
  const intent = stored(row).entries.findLast(
    (entry) => entry.type === 'action_started' && entry.action_id === lost.action_id && entry.seq < lost.seq,
  );
  if (node?.at_most_once !== true || intent === undefined) return;
  const [fromMs, toMs] = [intent.at - clockSlackMs, lost.at + clockSlackMs];
  if (watch.wasInterrupted(fromMs, toMs) || ofAction.some(({ atMs }) => atMs >= fromMs && atMs <= toMs)) return;
  broken('P2', `has recorded an attempt of action ${lost.action_id} that nobody made`);
}

function reasonOf(entry: Entry): string | undefined {
  return 'error_code' in entry ? entry.error_code : 'reason' in entry ? entry.reason : undefined;
}

/** Each event is used once, and no wait is over in vain. */
function checkWaits({ world, definitions }: Simulated, row: StoredRow): void {
  const used = new Set<string>();
  let state = initialState;
  for (const entry of stored(row).entries) {
    const eventId = entry.type === 'action_completed' && entry.action_type === 'wait_for_event' ? usedBy(entry) : undefined;
    if (eventId !== undefined && used.has(eventId)) world.break('wait', `instance ${row.id} has used ${eventId} twice`);
    if (eventId !== undefined) used.add(eventId);
    const waited = timedOutWait(entry);
    if (waited !== null && row.workflowId !== null && row.workflowVersion !== null) {
      const node = definitions.version(row.workflowId, row.workflowVersion).actions.find(({ id }) => id === waited);
      const name = node?.action_config.event_name;
      const fitting = state.received.find(({ event, isUsed }) => !isUsed && event.event_type === name);
      if (fitting !== undefined) world.break('wait', `instance ${row.id} has timed out in spite of ${fitting.event.event_id}`);
    }
    state = evolve(state, entry);
  }
}

function usedBy(entry: Extract<Entry, { type: 'action_completed' }>): string | undefined {
  return (entry.detail.output as { event?: { event_id: string } } | null)?.event?.event_id;
}

function timedOutWait(entry: Entry): number | null {
  if (!('action_type' in entry) || entry.action_type !== 'wait_for_event') return null;
  const isOver =
    entry.type === 'arm_taken' ||
    (entry.type === 'action_failed' && entry.error_code === 'wait_timeout') ||
    (entry.type === 'action_completed' &&
      usedBy(entry) === undefined &&
      entry.detail.output !== null &&
      'timed_out' in (entry.detail.output as object));
  return isOver ? entry.action_id : null;
}

/** What the audit logger would have: of every (instance, seq) the first entry. */
function auditOf({ world, published }: Simulated): Map<string, Map<number, LogEntry>> {
  const audit = new Map<string, Map<number, LogEntry>>();
  for (const { instance_id: id, entries } of published) {
    const ofInstance = audit.get(id) ?? new Map<number, LogEntry>();
    audit.set(id, ofInstance);
    for (const entry of entries) {
      const first = ofInstance.get(entry.seq);
      if (first === undefined) ofInstance.set(entry.seq, entry);
      else if (JSON.stringify(first) !== JSON.stringify(entry)) world.break('P8', `instance ${id} has two entries ${entry.seq}`);
    }
  }
  return audit;
}

/** P8. */
function checkAudit({ world }: Simulated, row: StoredRow, bySeq: ReadonlyMap<number, LogEntry>): void {
  const { entries } = stored(row);
  if (bySeq.size !== entries.length)
    world.break('P8', `instance ${row.id} has ${entries.length} entries, but ${bySeq.size} were published`);
  for (const { seq, type, at } of entries) {
    const published = bySeq.get(seq);
    if (published?.type !== type || published.at !== at)
      world.break('P8', `instance ${row.id} has another entry ${seq} than was published`);
  }
  const last = entries.findLast((entry) => entry.type.startsWith('instance_') || entry.type === 'retry_requested');
  if (last !== undefined && 'status' in last && last.status !== row.status)
    world.break('P8', `instance ${row.id} is ${row.status}, but its log says otherwise`);
}
