import { describeValue } from '../json.ts';
import { parseDuration, parseMoment } from './moment.ts';
import { faultOfPattern } from './pattern.ts';

/** What an operator's `value` must be. */
export type OperandKind = 'none' | 'scalar' | 'searched' | 'number' | 'range' | 'scalars' | 'text' | 'pattern' | 'moment' | 'duration';

/** To search one text for another takes, at worst, the product of their lengths. */
const limits = { listValues: 1_000, searchedLength: 1_000 };

/** Says why a value doesn't fit, as "Expected X, but Y"; null when it does. */
export function faultOfOperand(kind: OperandKind, value: unknown): string | null {
  return fits[kind](value);
}

const isScalar = (value: unknown) => typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);

function expected(what: string, value: unknown): string {
  return `Expected ${what}, but got ${describeValue(value)}`;
}

const fits: Record<OperandKind, (value: unknown) => string | null> = {
  none: (value) => (value === undefined || value === null ? null : expected('no value for this operator', value)),
  scalar: (value) => (isScalar(value) ? null : expected('a text, a number, true or false', value)),
  searched: (value) => {
    if (typeof value !== 'string' || value.length <= limits.searchedLength) return fits.scalar(value);
    return `Expected a text of at most ${limits.searchedLength} characters, but got ${value.length}`;
  },
  number: (value) => (Number.isFinite(value) ? null : expected('a number', value)),
  text: (value) => (typeof value === 'string' ? null : expected('a text', value)),
  moment: (value) => (typeof value === 'string' && parseMoment(value) !== undefined ? null : expected('an ISO 8601 date', value)),
  duration: (value) => (typeof value === 'string' && parseDuration(value) ? null : expected('an ISO 8601 duration such as P7D', value)),
  range: (value) => {
    if (!Array.isArray(value) || value.length !== 2 || !value.every(Number.isFinite)) return expected('a list of two numbers', value);
    return value[0] <= value[1] ? null : `Expected the lower bound first, but got ${value[0]} before ${value[1]}`;
  },
  scalars: (value) => {
    if (!Array.isArray(value)) return expected('a list', value);
    if (value.length > limits.listValues) return `Expected at most ${limits.listValues} values, but got ${value.length}`;
    const odd = value.find((item) => !isScalar(item));
    return odd === undefined ? null : expected('a list of texts, numbers, true or false', odd);
  },
  pattern: (value) => (typeof value === 'string' ? faultOfPattern(value) : expected('a regular expression', value)),
};
