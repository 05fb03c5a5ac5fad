import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actionKey, type InstanceOrigin, instanceId } from './index.ts';

const origin: InstanceOrigin = { tenantId: 'acme', workflowId: 7, kind: 'event', originId: 'e1' };

test('an origin has the id that it always had', () => {
  expect(instanceId(origin)).toBe('c541ba311e325396163df0542c41cf48');
});

test.each<[string, Partial<InstanceOrigin>, Partial<InstanceOrigin>]>([
  ['an API key never meets an event id', { kind: 'event' }, { kind: 'api' }],
  ['a tenant’s end is not the workflow’s begin', { tenantId: 'acme1', workflowId: 7 }, { tenantId: 'acme', workflowId: 17 }],
  ['case counts', { originId: 'e1' }, { originId: 'E1' }],
])('%s', (_, one, other) => {
  expect(instanceId({ ...origin, ...one })).not.toBe(instanceId({ ...origin, ...other }));
});

test('every id is 16 bytes in hexadecimal digits, and different origins have different ones', () => {
  const anyOrigin = fc.record({
    tenantId: fc.string({ maxLength: 4 }),
    workflowId: fc.nat(20),
    kind: fc.constantFrom('event' as const, 'api' as const, 'task' as const),
    originId: fc.string({ maxLength: 4 }),
  });
  fc.assert(
    fc.property(anyOrigin, anyOrigin, (one, other) => {
      expect(instanceId(one)).toMatch(/^[0-9a-f]{32}$/);
      expect(instanceId(one) === instanceId(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
  );
});

test('an action’s key names the instance and the action, and the retry by hand where there was one', () => {
  expect(actionKey('ab', 3)).toBe('ab/3');
  expect(actionKey('ab', 3, 2)).toBe('ab/3~2');
});
