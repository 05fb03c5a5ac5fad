import { describe, expect, test } from 'vitest';
import { type Command, parseCommand } from './options.ts';

const now = Date.parse('2026-11-24T10:00:00.000Z');
const parse = (line: string): Command => parseCommand(line.split(' ').filter(Boolean), now);
const faultOf = (...args: string[]): string => {
  try {
    return JSON.stringify(parseCommand(args, now));
  } catch (error) {
    return (error as Error).message;
  }
};

describe('commands', () => {
  test.each<[string, Command]>([
    ['', { name: 'help' }],
    ['help', { name: 'help' }],
    ['--help', { name: 'help' }],
    ['replay -h', { name: 'help' }],
    ['list', { name: 'list', filter: { states: ['waiting'] }, limit: 50, offset: 0, json: false }],
    ['list --state all --limit 1000 --offset 7 --json', { name: 'list', filter: {}, limit: 1_000, offset: 7, json: true }],
    [
      'list --topic crm.events --tenant acme --reason undecodable --older-than 2h --newer-than 7d',
      {
        name: 'list',
        filter: {
          topic: 'crm.events',
          tenantId: 'acme',
          reason: 'undecodable',
          states: ['waiting'],
          fromMs: now - 7 * 24 * 3_600_000,
          untilMs: now - 2 * 3_600_000,
        },
        limit: 50,
        offset: 0,
        json: false,
      },
    ],
    [
      'list --topic crm.events.dead-letter',
      { name: 'list', filter: { topic: 'crm.events.dead-letter', states: ['waiting'] }, limit: 50, offset: 0, json: false },
    ],
    ['show 7 8 --id 9 --id 7', { name: 'show', ids: [7, 8, 9], json: false }],
    ['replay --tenant acme', { name: 'replay', filter: { tenantId: 'acme', states: ['waiting'] }, json: false }],
    ['replay --all --json', { name: 'replay', filter: { states: ['waiting'] }, json: true }],
    ['replay --state discarded', { name: 'replay', filter: { states: ['discarded'] }, json: false }],
    ['discard --older-than 90s', { name: 'discard', filter: { states: ['waiting'], untilMs: now - 90_000 }, json: false }],
    ['--json discard --older-than 15m', { name: 'discard', filter: { states: ['waiting'], untilMs: now - 900_000 }, json: true }],
  ])('%s', (line, command) => {
    expect(parse(line)).toEqual(command);
  });

  test('letters that are named are meant in whatever state they are', () => {
    expect(parse('replay 7')).toEqual({ name: 'replay', filter: { ids: [7] }, json: false });
    expect(parse('replay 7 --state waiting')).toEqual({ name: 'replay', filter: { ids: [7], states: ['waiting'] }, json: false });
  });

  test('an empty tenant means records whose key is no tenant’s', () => {
    expect(parseCommand(['list', '--tenant', ''], now)).toMatchObject({ filter: { tenantId: '' } });
  });
});

describe('what can’t be meant is an error that names it', () => {
  test.each<[string[], string]>([
    [['frobnicate'], 'Expected list, show, replay, discard, but got frobnicate'],
    [['list', '--bogus'], "Unknown option '--bogus'"],
    [['list', '--topic'], "Option '--topic <value>' argument missing"],
    [['list', '--json=yes'], "Option '--json' does not take an argument"],
    [['list', '--topic', 'crm.event'], 'Expected --topic to be one of crm.events, workflow.events,'],
    [['list', '--tenant', 'two words'], 'Expected --tenant to be up to 64 of'],
    [['list', '--reason', "x' or 1"], "Expected --reason to be a code such as undecodable, but got x' or 1"],
    [['list', '--reason', ''], 'but got nothing'],
    [['list', '--state', 'lost'], 'Expected --state to be one of waiting, replayed, discarded, all, but got lost'],
    [['list', '--older-than', '2'], 'Expected --older-than to be an age such as 90s, 15m, 2h or 7d, but got 2'],
    [['list', '--newer-than', '2 hours'], 'Expected --newer-than to be an age'],
    [['list', '--older-than', '1.5h'], 'Expected --older-than to be an age'],
    [['list', '--limit', '0'], 'Expected --limit to be a whole number from 1 to 1000, but got 0'],
    [['list', '--limit', '1001'], 'Expected --limit'],
    [['list', '--limit', '1e2'], 'Expected --limit'],
    [['list', '--offset', 'x'], 'Expected --offset'],
    [['list', '--all'], 'Expected no --all with list, but got one'],
    [['show'], 'Expected show to be told which'],
    [['show', 'seven'], 'Expected an id to be a whole number from 1 to 9007199254740991, but got seven'],
    [['show', '0'], 'Expected an id'],
    [['show', '7', '--tenant', 'acme'], 'Expected no --tenant with show, but got one'],
    [['replay'], 'Expected replay to be told which'],
    [['replay', '--json'], 'Expected replay to be told which'],
    [['replay', '--limit', '5'], 'Expected no --limit with replay, but got one'],
    [['replay', '--all', '--tenant', 'acme'], 'Expected --all alone'],
    [['replay', '7', '--all'], 'Expected --all alone'],
    [['discard'], 'Expected discard to be told which'],
    [['discard', '7', '--state', 'replayed'], 'Expected no --state with discard, but got one'],
  ])('%j', (args, message) => {
    expect(faultOf(...args)).toContain(message);
  });
});
