import { describe, expect, test } from 'vitest';
import { faultsOf, inputOf, readyInput } from '../../test/action-question.ts';
import { anEvent } from '../../test/event-builder.ts';
import type { JsonObject } from '../json.ts';

describe('a text message', () => {
  test.each<[JsonObject, string[]]>([
    [{ to: '+49 30 123456', body: 'x' }, []],
    [{ to: '{{ lead.phone }}', body: 'x' }, []],
    [{}, ['to required', 'body required']],
    [{ to: '030 123456', body: 'x' }, ['to invalid_phone']],
    [{ to: 4_930_123_456, body: 'x' }, ['to invalid_type']],
    [{ to: ['+4930123456'], body: 'x' }, ['to invalid_type']],
    [{ to: '+4930123456', body: '' }, ['body too_small']],
    [{ to: '+4930123456', body: 'x'.repeat(1_601) }, ['body too_big']],
    [{ to: '+4930123456', body: 'x', from: '+1' }, ['from unknown_key']],
  ])('%j', (config, faults) => {
    expect(faultsOf('send_sms', config)).toEqual(faults);
  });

  test('goes to one number in one spelling, with its lines kept', () => {
    const event = anEvent({ data: { phone: '+49 (30) 123-456' } });

    expect(readyInput('send_sms', { to: '{{ phone }}', body: 'a\n{{ phone | size }}' }, event)).toEqual({
      to: '+4930123456',
      body: 'a\n16',
    });
  });

  test('without a number is skipped', () => {
    expect(inputOf('send_sms', { to: '{{ lead.phone }}', body: 'x' })).toEqual({ kind: 'skipped', reason: 'no_address' });
  });

  test('that grows too long once rendered fails', () => {
    const event = anEvent({ data: { long: 'x'.repeat(2_000) } });

    expect(inputOf('send_sms', { to: '+4930123456', body: '{{ long }}' }, event)).toEqual({
      kind: 'failed',
      code: 'invalid_input',
      message: 'body: Expected at most 1600 characters, but got 2000',
    });
  });
});
