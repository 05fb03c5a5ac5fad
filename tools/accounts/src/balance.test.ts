import { describe, expect, test } from 'vitest';
import { balance, type Survey } from './balance.ts';
import { noCommands, type StartRecord } from './commands.ts';
import type { EventRecord } from './events.ts';

const anEvent = (overrides: Partial<EventRecord> = {}): EventRecord => ({
  place: 'crm.events/0/0',
  identity: 'acme|e-1',
  isReadable: true,
  isDone: true,
  isDeadLettered: false,
  expected: [],
  ...overrides,
});

const aStart = (overrides: Partial<StartRecord> = {}): StartRecord => ({
  instanceId: 'i-1',
  place: 'workflow.commands/0/0',
  tenantId: 'acme',
  workflowId: 7,
  workflowVersion: 1,
  isDone: true,
  isDeadLettered: false,
  ...overrides,
});

interface Parts extends Partial<Omit<Survey, 'commands'>> {
  starts?: StartRecord[];
  commands?: Partial<Survey['commands']>;
}

const aSurvey = ({ starts = [], commands = {}, ...parts }: Parts = {}): Survey => ({
  events: [],
  letters: { records: 0, byOrigin: new Map() },
  instances: { byStatus: {}, parked: 0, loose: [] },
  existingIds: new Set(),
  refusals: new Map(),
  tableLetters: { origins: new Set(), byState: {} },
  statDifferences: [],
  ...parts,
  commands: {
    ...noCommands(),
    records: starts.length,
    startById: new Map(starts.map((start) => [start.instanceId, start])),
    ...commands,
  },
});

const messagesOf = (survey: Survey) => balance(survey).faults.map(({ kind, message }) => `${kind}: ${message}`);

test('nothing at all adds up', () => {
  expect(balance(aSurvey())).toMatchObject({ adds_up: true, faults: [], events: { records: 0, distinct: 0 }, instances: { total: 0 } });
});

describe('events', () => {
  test('count once however often they lie in the topic, by the best end of their records', () => {
    const events = [
      anEvent(),
      anEvent({ place: 'crm.events/0/1' }),
      anEvent({ identity: 'acme|e-2', isDeadLettered: true }),
      anEvent({ identity: 'acme|e-2', place: 'crm.events/0/3' }),
      anEvent({ identity: 'acme|e-3', isDeadLettered: true }),
      anEvent({ identity: 'acme|e-3', isDone: false }),
      anEvent({ identity: 'globex|e-1' }),
    ];
    const { events: counts, adds_up } = balance(aSurvey({ events, commands: { causes: new Set(['acme|e-1']) } }));
    expect(counts).toEqual({ records: 7, distinct: 4, matched: 1, unmatched: 2, in_flight: 1, dead_lettered: 0, lost: 0 });
    expect(adds_up).toBe(true);
  });

  test('one that can’t be read and left no letter is lost', () => {
    const lost = anEvent({ identity: 'crm.events/0/0', isReadable: false });
    expect(messagesOf(aSurvey({ events: [lost] }))).toEqual([
      "lost: the event at crm.events/0/0 can't be read, and the matcher went past it, but it isn't among the dead letters",
    ]);
    expect(messagesOf(aSurvey({ events: [{ ...lost, isDone: false }] }))).toEqual([]);
    expect(messagesOf(aSurvey({ events: [{ ...lost, isDeadLettered: true }] }))).toEqual([]);
  });

  test('one that must have started a workflow did so by a command, or its instance is there', () => {
    const events = [
      anEvent({ expected: [{ workflowId: 7, instanceId: 'i-1' }] }),
      anEvent({ expected: [{ workflowId: 7, instanceId: 'i-1' }] }),
    ];
    expect(messagesOf(aSurvey({ events }))).toEqual([
      'lost: event acme|e-1 (crm.events/0/0) must have started workflow 7, but no command does',
    ]);
    expect(messagesOf(aSurvey({ events, existingIds: new Set(['i-1']) }))).toEqual([]);
    expect(messagesOf(aSurvey({ events, starts: [aStart({ isDone: false })] }))).toEqual([]);
  });
});

describe('starts', () => {
  test('became an instance, were refused with a reason, were given up, or are on their way', () => {
    const starts = [
      aStart(),
      aStart({ instanceId: 'i-2' }),
      aStart({ instanceId: 'i-3' }),
      aStart({ instanceId: 'i-4', isDeadLettered: true }),
      aStart({ instanceId: 'i-5', isDone: false }),
    ];
    const refusals = new Map([
      ['i-2', 're_entry'],
      ['i-3', 'workflow_deleted'],
    ]);
    expect(balance(aSurvey({ starts, existingIds: new Set(['i-1']), refusals }))).toMatchObject({
      starts: { records: 5, distinct: 5, instance: 1, refused: 2, in_flight: 1, dead_lettered: 1, lost: 0 },
      refused: { re_entry: 1, workflow_deleted: 1 },
      adds_up: true,
    });
  });

  test('one without an instance and without a reason is lost', () => {
    expect(messagesOf(aSurvey({ starts: [aStart()] }))).toEqual([
      'lost: the start of instance i-1 (workflow.commands/0/0) is dealt with, but there is neither the instance nor a reason',
    ]);
  });

  test('a command that can’t be read and left no letter is lost', () => {
    expect(messagesOf(aSurvey({ commands: { lost: ['workflow.commands/3/9'] } }))).toEqual([
      "lost: the command at workflow.commands/3/9 can't be read, and the executor went past it, but it isn't among the dead letters",
    ]);
  });
});

describe('instances', () => {
  const loose = [{ id: 'i-1', status: 'running', entity: 'acme|lead|l-1' }];

  test('are terminal, parked, or somebody holds a command of them or of their entity', () => {
    const instances = { byStatus: { completed: 3, failed: 1 }, parked: 2, loose };
    for (const commands of [{ openIds: new Set(['i-1']) }, { openEntities: new Set(['acme|lead|l-1']) }]) {
      expect(balance(aSurvey({ instances, commands }))).toMatchObject({
        instances: { total: 7, terminal: 4, completed: 3, failed: 1, parked: 2, in_flight: 1, dead_lettered: 0, stuck: 0 },
        adds_up: true,
      });
    }
  });

  test('one that nobody holds is stuck, unless its command was given up', () => {
    const instances = { byStatus: {}, parked: 0, loose };
    expect(messagesOf(aSurvey({ instances }))).toEqual([
      'wrong: instance i-1 is running, waits for no time, and nobody holds a command of it',
    ]);
    expect(balance(aSurvey({ instances, commands: { deadLetteredIds: new Set(['i-1']) } }))).toMatchObject({
      instances: { dead_lettered: 1, stuck: 0 },
      adds_up: true,
    });
  });
});

test('a dead letter is in its table or on its way there', () => {
  const letters = {
    records: 4,
    byOrigin: new Map([
      ['crm.events/0/1', { isDone: true }],
      ['crm.events/0/2', { isDone: false }],
      ['crm.events/0/3', { isDone: true }],
    ]),
  };
  const tableLetters = { origins: new Set(['crm.events/0/1', 'crm.events/9/9']), byState: { waiting: 2 } };
  const survey = aSurvey({ letters, tableLetters });
  expect(messagesOf(survey)).toEqual([
    "lost: the dead letter of crm.events/0/3 isn't in its table, although the audit logger went past it",
  ]);
  expect(balance(survey).dead_letters).toEqual({ records: 4, distinct: 3, in_flight: 1, in_table: 2, waiting: 2 });
});

test('statistics that are no count over the log are one fault a workflow', () => {
  const difference = { tenantId: 'acme', workflowId: 7, what: '2026-11-24T10 started', rolledUp: 3, counted: 2 };
  const survey = aSurvey({
    statDifferences: [difference, { ...difference, what: 'day 2026-11-24 version 1 started' }, { ...difference, workflowId: 0 }],
  });
  expect(messagesOf(survey)).toEqual([
    'wrong: the statistics of workflow 7 are no count over the log: 2026-11-24T10 started: 3 instead of 2, and 1 more',
    'wrong: the statistics of tenant acme are no count over the log: 2026-11-24T10 started: 3 instead of 2',
  ]);
  expect(balance(survey).statistics).toEqual({ differences: 3 });
});
