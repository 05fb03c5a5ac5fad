import { expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigError, parseConfig } from './index.ts';

const schema = z.object({
  PORT: z.coerce.number().int().max(65_535).default(8_080),
  NAME: z.string(),
  MODE: z.enum(['a', 'b']).optional(),
});

test('what is not set has its default, and an empty text counts as not set', () => {
  expect(parseConfig(schema, { NAME: 'x', PORT: '', MODE: undefined, OTHER: 'y' })).toEqual({ NAME: 'x', PORT: 8_080 });
});

test('all faults are in one error, a line each, by the setting’s name', () => {
  const parse = () => parseConfig(schema, { PORT: '70000', MODE: 'c' });
  expect(parse).toThrow(ConfigError);
  expect(parse).toThrow(/^Expected valid settings, but:\n {2}PORT: .*\n {2}NAME: .*\n {2}MODE: .*$/);
});

test('a fault of all settings together is said too', () => {
  const either = z.object({ A: z.string().optional() }).refine(({ A }) => A === 'x', 'Expected A to be x');
  expect(() => parseConfig(either, {})).toThrow('settings: Expected A to be x');
});
