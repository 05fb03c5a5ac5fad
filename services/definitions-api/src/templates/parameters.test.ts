import { check, type Json } from '@millrace/workflow';
import { expect, test } from 'vitest';
import { readParameters, type TemplateParameter, templateParameterSchema } from './parameters.ts';

const parameter = (overrides: Record<string, unknown>): TemplateParameter =>
  templateParameterSchema.parse({ name: 'x', type: 'text', ...overrides });

test.each<[string, Record<string, unknown>, Json, boolean]>([
  ['text', {}, 'abc', true],
  ['text', {}, 5, false],
  ['number', { min: 0, max: 1 }, 0.5, true],
  ['number', { min: 0, max: 1 }, 2, false],
  ['number', {}, '5', false],
  ['integer', { min: 1 }, 1, true],
  ['integer', { min: 1 }, 0, false],
  ['integer', {}, 1.5, false],
  ['boolean', {}, false, true],
  ['boolean', {}, 'false', false],
  ['email', {}, 'ada@example.com', true],
  ['email', {}, 'ada@example.com, eve@example.com', false],
  ['phone', {}, '+4930123456', true],
  ['phone', {}, '030 123456', false],
  ['duration', {}, 'P2D', true],
  ['duration', {}, '2 days', false],
  ['timezone', {}, 'Europe/Berlin', true],
  ['timezone', {}, 'local', false],
  ['choice', { options: ['a', 'b'] }, 'b', true],
  ['choice', { options: ['a', 'b'] }, 'c', false],
  ['workflow', {}, 7, true],
  ['workflow', {}, '7', false],
])('a parameter of type %s %j and the value %j', (type, limits, value, fits) => {
  const { faults } = readParameters([parameter({ type, ...limits })], { x: value });
  expect(faults.map(({ path }) => path)).toEqual(fits ? [] : ['parameters.x']);
});

test('a default stands in for what is missing, and only what is required must be there', () => {
  const parameters = [
    parameter({ name: 'a', default: 'd' }),
    parameter({ name: 'b', required: false }),
    parameter({ name: 'c', label: 'The third' }),
  ];
  const { values, faults } = readParameters(parameters, { a: null });
  expect(values).toEqual({ a: 'd', b: undefined, c: undefined });
  expect(faults).toEqual([{ path: 'parameters.c', code: 'required', message: 'Expected a value for The third, but got nothing' }]);
});

test('an unknown parameter is named', () => {
  expect(readParameters([], { colour: 1 }).faults).toMatchObject([{ path: 'parameters.colour', code: 'unknown_key' }]);
});

test.each([
  [{ name: 'X' }, 'name'],
  [{ type: 'date' }, 'type'],
  [{ type: 'choice' }, 'options'],
  [{ options: ['a'] }, 'options'],
  [{ type: 'number', min: 5, default: 1 }, 'default'],
])('the declaration %j is refused', (overrides, path) => {
  const checked = check(templateParameterSchema, { name: 'x', type: 'text', ...overrides });
  expect(checked.ok ? [] : checked.errors.map((fault) => fault.path)).toEqual([path]);
});
