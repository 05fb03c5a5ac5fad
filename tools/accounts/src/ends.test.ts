import { expect, test } from 'vitest';
import { type EventFacts, endOfEvent, endOfLoose, endOfStart, type StartFacts } from './ends.ts';

const anEvent: EventFacts = { hasCommands: false, isDeadLettered: false, isDone: true, isReadable: true };
const aStart: StartFacts = { hasInstance: false, isDeadLettered: false, isDone: true, isRefused: false };

test.each<[string, Partial<EventFacts>]>([
  ['matched', { hasCommands: true }],
  ['matched', { hasCommands: true, isDone: false }],
  ['matched', { hasCommands: true, isDeadLettered: true }],
  ['unmatched', {}],
  ['in_flight', { isDone: false }],
  ['in_flight', { isDone: false, isReadable: false }],
  ['dead_lettered', { isDeadLettered: true }],
  ['dead_lettered', { isDeadLettered: true, isReadable: false }],
  ['dead_lettered', { isDeadLettered: true, isDone: false }],
  ['lost', { isReadable: false }],
])('an event ends %s with %j', (end, facts) => {
  expect(endOfEvent({ ...anEvent, ...facts })).toBe(end);
});

test.each<[string, Partial<StartFacts>]>([
  ['instance', { hasInstance: true }],
  ['instance', { hasInstance: true, isDone: false }],
  ['instance', { hasInstance: true, isDeadLettered: true }],
  ['refused', { isRefused: true }],
  ['in_flight', { isDone: false }],
  ['in_flight', { isDone: false, isRefused: true }],
  ['dead_lettered', { isDeadLettered: true }],
  ['lost', {}],
])('a start ends %s with %j', (end, facts) => {
  expect(endOfStart({ ...aStart, ...facts })).toBe(end);
});

test.each([
  ['in_flight', true, false],
  ['in_flight', true, true],
  ['dead_lettered', false, true],
  ['stuck', false, false],
] as const)('an instance that waits for no time is %s where a command of it is held: %s, given up: %s', (end, hasInput, isDeadLettered) => {
  expect(endOfLoose({ hasInput, isDeadLettered })).toBe(end);
});
