import { compareEffects, type Effect } from './crm-effect.ts';
import type { Expectation, ExpectedInstance } from './expectation.ts';
import type { ActionRecord, InstanceRecord, Ledger, LogRecord } from './ledger.ts';

/** What arrived outside: each effect once, and how often one came again with the id of an earlier one. */
export interface Arrivals {
  effects: Effect[];
  repeats: number;
}

export interface DeadLetterRecord {
  originTopic: string;
  /** The demo's mark in the headers of the unreadable message; empty where the demo didn't send it. */
  mark: string;
  reason: string;
}

export interface Actuals {
  ledger: Ledger;
  /** null: they go to a server of the user's, so they can't be counted. */
  mails: Arrivals | null;
  texts: Arrivals | null;
  crm: Arrivals;
  deadLetters: DeadLetterRecord[];
  /** A service was killed: the calls in flight then may have been made again (3-engine.md, P4). */
  repeatsAllowed: boolean;
}

export interface Fault {
  kind: 'lost' | 'repeated' | 'unexpected' | 'wrong';
  message: string;
}

/** Compares what a run should come to with what it came to, both ways. No fault means that the accounts add up exactly. */
export function checkAccounts(expectation: Expectation, actuals: Actuals): Fault[] {
  const faults: Fault[] = [];
  const add = (kind: Fault['kind'], message: string) => faults.push({ kind, message });
  const { ledger } = actuals;

  const instanceBy = new Map<string, InstanceRecord>();
  for (const instance of ledger.instances) {
    if (instanceBy.has(instance.key)) add('repeated', `instance ${instance.key} exists twice`);
    if (!expectation.instanceBy.has(instance.key)) add('unexpected', `instance ${instance.key} (${instance.id}) should not exist`);
    instanceBy.set(instance.key, instance);
  }
  const actionsBy = Map.groupBy(ledger.actions, (action) => action.instanceId);
  const logsBy = Map.groupBy(ledger.logs, (row) => row.instanceId);
  const knownIds = new Set(ledger.instances.map((instance) => instance.id));
  for (const id of [...actionsBy.keys(), ...logsBy.keys()])
    if (!knownIds.has(id)) add('unexpected', `rows of an instance ${id} that isn't in workflow_instances`);

  for (const expected of expectation.instanceBy.values()) {
    const actual = instanceBy.get(expected.key);
    if (actual === undefined) {
      add('lost', `instance ${expected.key} of “${expected.workflowName}” is missing`);
      continue;
    }
    for (const message of checkInstance(expected, actual)) add('wrong', `instance ${expected.key}: ${message}`);
    for (const fault of checkActions(expected, actionsBy.get(actual.id) ?? []))
      add(fault.kind, `instance ${expected.key}: ${fault.message}`);
    for (const fault of checkLog(expected, actual, logsBy.get(actual.id) ?? []))
      add(fault.kind, `instance ${expected.key}: ${fault.message}`);
  }

  checkArrivals('mail', expectation.mails, actuals.mails, actuals.repeatsAllowed, add);
  checkArrivals('text', expectation.texts, actuals.texts, actuals.repeatsAllowed, add);
  checkArrivals('command', expectation.crm, actuals.crm, actuals.repeatsAllowed, add);
  checkDeadLetters(expectation.poisonMarks, actuals, add);
  return faults;
}

function checkInstance(expected: ExpectedInstance, actual: InstanceRecord): string[] {
  const wrong: string[] = [];
  const completed = expected.endsAs === 'completed';
  const status = completed ? 'completed' : 'running';
  const executed = expected.actions.filter((action) => action.status === 'completed').length;
  if (actual.status !== status) wrong.push(`status ${actual.status} instead of ${status}`);
  if (!completed && (!actual.parked || actual.waitingFor !== 'delay'))
    wrong.push(`waits for ${actual.waitingFor ?? 'nothing'} instead of a delay`);
  if (completed && actual.waitingFor !== null) wrong.push(`has ended, but waits for ${actual.waitingFor}`);
  if (actual.progress !== (completed ? 100 : 0)) wrong.push(`progress ${actual.progress}`);
  if (actual.executedActions !== executed) wrong.push(`${actual.executedActions} executed actions instead of ${executed}`);
  if (actual.failedActions !== 0) wrong.push(`${actual.failedActions} failed actions`);
  return wrong;
}

function checkActions(expected: ExpectedInstance, actual: ActionRecord[]): Fault[] {
  const faults: Fault[] = [];
  const actualBy = Map.groupBy(actual, (action) => action.name);
  for (const action of expected.actions) {
    const [first, ...more] = actualBy.get(action.name) ?? [];
    actualBy.delete(action.name);
    if (first === undefined) {
      faults.push({ kind: 'lost', message: `no execution of ${action.name}` });
      continue;
    }
    if (more.length > 0) faults.push({ kind: 'repeated', message: `${action.name} has ${more.length + 1} executions` });
    if (first.status !== action.status || first.type !== action.type || first.skipReason !== action.skipReason) {
      faults.push({
        kind: 'wrong',
        message: `${action.name} is a ${first.type} ${first.status} (${first.skipReason ?? 'no skip reason'}) instead of a ${action.type} ${action.status} (${action.skipReason ?? 'none'})`,
      });
    }
  }
  for (const name of actualBy.keys()) faults.push({ kind: 'unexpected', message: `an execution of ${name}` });
  return faults;
}

function checkLog(expected: ExpectedInstance, actual: InstanceRecord, rows: LogRecord[]): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<number>();
  for (const { seq } of rows) {
    if (seen.has(seq)) faults.push({ kind: 'repeated', message: `log row ${seq} exists twice` });
    seen.add(seq);
  }
  const newest = Math.max(0, ...seen);
  for (let seq = 1; seq <= newest; seq += 1)
    if (!seen.has(seq)) faults.push({ kind: 'lost', message: `log row ${seq} of ${newest} is missing` });
  if (newest !== actual.journalEntries)
    faults.push({
      kind: newest < actual.journalEntries ? 'lost' : 'unexpected',
      message: `${newest} log rows of ${actual.journalEntries} journal entries`,
    });
  const last = rows.find((row) => row.seq === newest);
  const lastAction = expected.endsAs === 'completed' ? 'instance_completed' : 'delay_started';
  if (rows.find((row) => row.seq === 1)?.action !== 'instance_started')
    faults.push({ kind: 'wrong', message: 'the log does not begin with instance_started' });
  if (last?.action !== lastAction)
    faults.push({ kind: 'wrong', message: `the log ends with ${last?.action ?? 'nothing'} instead of ${lastAction}` });
  else if (expected.endsAs === 'completed' && last.status !== actual.status)
    faults.push({ kind: 'wrong', message: `the log ends ${last.status}, the instance is ${actual.status}` });
  for (const action of expected.actions) {
    if (action.status === 'pending') continue;
    const rowsOfKind = rows.filter((row) => row.action === `action_${action.status}`).length;
    const wanted = expected.actions.filter((other) => other.status === action.status).length;
    if (rowsOfKind !== wanted) faults.push({ kind: 'wrong', message: `${rowsOfKind} rows action_${action.status} instead of ${wanted}` });
  }
  return faults;
}

function checkArrivals(
  what: string,
  expected: Effect[],
  actual: Arrivals | null,
  repeatsAllowed: boolean,
  add: (kind: Fault['kind'], message: string) => void,
): void {
  if (actual === null) return;
  const { missing, unexpected } = compareEffects(expected, actual.effects);
  for (const [effect, count] of missing) add('lost', `${what} missing ${count}×: ${effect}`);
  for (const [effect, count] of unexpected) add('unexpected', `${what} that should not be, ${count}×: ${effect}`);
  if (actual.repeats > 0 && !repeatsAllowed) add('repeated', `${actual.repeats} ${what}s came again with an id that had been seen`);
}

function checkDeadLetters(
  poisonMarks: Set<string>,
  { deadLetters, repeatsAllowed }: Actuals,
  add: (kind: Fault['kind'], message: string) => void,
): void {
  const seen = new Set<string>();
  for (const { mark, originTopic, reason } of deadLetters) {
    if (!poisonMarks.has(mark)) add('unexpected', `dead letter from ${originTopic}: ${reason} ${mark}`);
    // At least once: a matcher that is killed between the dead letter and its offset writes it again.
    if (seen.has(mark) && !repeatsAllowed) add('repeated', `dead letter ${mark} came twice`);
    seen.add(mark);
  }
  for (const mark of poisonMarks) if (!seen.has(mark)) add('lost', `unreadable message ${mark} is not in the dead-letter topic`);
}
