import { describe, expect, test } from 'vitest';
import { type Actuals, checkAccounts } from './accounts.ts';
import { createMessages, tenantIdOf } from './event-stream.ts';
import { createExpectation, type Expectation } from './expectation.ts';
import { demoWorkflows } from './workflows.ts';

const workflows = demoWorkflows.map((workflow, index) => ({ id: index + 1, workflow }));

/** A run in which everything went as it should. */
function perfectRun(): { expectation: Expectation; actuals: Actuals } {
  const expectation = createExpectation(workflows);
  for (const message of createMessages({ events: 300, seed: 7, runId: 'test', startMs: 0 })) {
    if (message.kind === 'event') expectation.addEvent(message.fact);
    if (message.kind === 'poison') expectation.addPoison(`${message.poison}-${message.number}`);
  }
  const actuals: Actuals = {
    ledger: { instances: [], actions: [], logs: [] },
    mails: { effects: [...expectation.mails], repeats: 0 },
    texts: { effects: [...expectation.texts], repeats: 0 },
    crm: { effects: [...expectation.crm], repeats: 0 },
    deadLetters: [...expectation.poisonMarks].map((mark) => ({ originTopic: 'crm.events', mark, reason: 'undecodable' })),
    repeatsAllowed: false,
  };
  const { instances, actions, logs } = actuals.ledger;
  for (const expected of expectation.instanceBy.values()) {
    const id = `id of ${expected.key}`;
    const completed = expected.endsAs === 'completed';
    const log = ['instance_started'];
    for (const { name, type, status, skipReason } of expected.actions) {
      actions.push({ instanceId: id, name, type, status, attempts: 1, skipReason });
      log.push(status === 'pending' ? 'delay_started' : `action_${status}`);
    }
    if (completed) log.push('instance_completed');
    log.forEach((action, index) => {
      logs.push({ instanceId: id, seq: index + 1, action, status: action === 'instance_completed' ? 'completed' : 'running' });
    });
    const [tenantId = '', , eventId = ''] = expected.key.split('|');
    instances.push({
      id,
      key: expected.key,
      tenantId,
      eventId,
      status: completed ? 'completed' : 'running',
      parked: !completed,
      waitingFor: completed ? null : 'delay',
      progress: completed ? 100 : 0,
      executedActions: expected.actions.filter(({ status }) => status === 'completed').length,
      failedActions: 0,
      journalEntries: log.length,
    });
  }
  return { expectation, actuals };
}

function firstOf<T>(items: T[], isWanted: (item: T) => boolean): T {
  const item = items.find(isWanted);
  if (item === undefined) throw new Error('Expected an item of this kind in the generated run');
  return item;
}

test('a run in which everything went as it should has no fault', () => {
  const { expectation, actuals } = perfectRun();
  expect(checkAccounts(expectation, actuals)).toEqual([]);
  expect(expectation.instanceBy.size).toBeGreaterThan(100);
  expect(expectation.mails.length).toBeGreaterThan(5);
  expect(expectation.texts.length).toBeGreaterThan(2);
});

describe('finds', () => {
  const cases: [string, string, RegExp, (actuals: Actuals) => void][] = [
    ['a lost instance', 'lost', /is missing/, ({ ledger }) => void ledger.instances.pop()],
    [
      'a second instance for one event',
      'repeated',
      /exists twice/,
      ({ ledger }) => void ledger.instances.push({ ...firstOf(ledger.instances, () => true), id: 'other' }),
    ],
    [
      'an instance that should not exist',
      'unexpected',
      /should not exist/,
      ({ ledger }) =>
        void ledger.instances.push({
          ...firstOf(ledger.instances, () => true),
          id: 'other',
          key: `${tenantIdOf('test', 'umbrella')}|8|event-1`,
        }),
    ],
    [
      'an instance that did not end',
      'wrong',
      /status running/,
      ({ ledger }) =>
        void Object.assign(
          firstOf(ledger.instances, ({ status }) => status === 'completed'),
          { status: 'running' },
        ),
    ],
    [
      'an instance that is stuck rather than parked',
      'wrong',
      /instead of a delay/,
      ({ ledger }) =>
        void Object.assign(
          firstOf(ledger.instances, ({ parked }) => parked),
          { parked: false },
        ),
    ],
    ['a lost action execution', 'lost', /no execution of/, ({ ledger }) => void ledger.actions.shift()],
    [
      'a repeated action execution',
      'repeated',
      /has 2 executions/,
      ({ ledger }) => void ledger.actions.push({ ...firstOf(ledger.actions, () => true) }),
    ],
    [
      'a failed action',
      'wrong',
      /send_email failed/,
      ({ ledger }) =>
        void Object.assign(
          firstOf(ledger.actions, ({ type, status }) => type === 'send_email' && status === 'completed'),
          { status: 'failed' },
        ),
    ],
    [
      'a gap in a log',
      'lost',
      /log row 2 of \d is missing/,
      ({ ledger }) =>
        void ledger.logs.splice(
          ledger.logs.findIndex(({ seq }) => seq === 2),
          1,
        ),
    ],
    [
      'a repeated log row',
      'repeated',
      /log row 2 exists twice/,
      ({ ledger }) => void ledger.logs.push({ ...firstOf(ledger.logs, ({ seq }) => seq === 2) }),
    ],
    [
      'a log that ends before its journal',
      'lost',
      /log rows of \d journal entries/,
      ({ ledger }) =>
        void ledger.logs.splice(
          ledger.logs.findIndex(({ action }) => action === 'instance_completed'),
          1,
        ),
    ],
    ['a mail that never came', 'lost', /mail missing/, ({ mails }) => void mails?.effects.pop()],
    [
      'a mail that should not have been sent',
      'unexpected',
      /mail that should not be/,
      ({ mails }) => void mails?.effects.push('mail to nobody: This must not be sent'),
    ],
    ['a mail sent twice', 'repeated', /1 mails came again/, ({ mails }) => void Object.assign(mails ?? {}, { repeats: 1 })],
    [
      'a text sent twice under a new id',
      'unexpected',
      /text that should not be/,
      ({ texts }) => void texts?.effects.push(texts.effects[0] ?? ''),
    ],
    ['a lost CRM command', 'lost', /command missing/, ({ crm }) => void crm.effects.pop()],
    ['a repeated CRM command', 'repeated', /3 commands came again/, ({ crm }) => void Object.assign(crm, { repeats: 3 })],
    ['a lost dead letter', 'lost', /not in the dead-letter topic/, ({ deadLetters }) => void deadLetters.pop()],
    [
      'a dead letter of a readable message',
      'unexpected',
      /dead letter from/,
      ({ deadLetters }) => void deadLetters.push({ originTopic: 'workflow.commands', mark: '', reason: 'bug' }),
    ],
  ];
  test.each(cases)('%s', (_, kind, message, damage) => {
    const { expectation, actuals } = perfectRun();
    damage(actuals);
    const faults = checkAccounts(expectation, actuals);
    expect(faults.filter((fault) => fault.kind === kind).map((fault) => fault.message)).toContainEqual(expect.stringMatching(message));
  });
});

test('calls made again are no fault after a service was killed, lost ones are', () => {
  const { expectation, actuals } = perfectRun();
  actuals.repeatsAllowed = true;
  if (actuals.mails !== null) actuals.mails.repeats = 2;
  expect(checkAccounts(expectation, actuals)).toEqual([]);
  actuals.mails?.effects.pop();
  expect(checkAccounts(expectation, actuals)).toHaveLength(1);
});
