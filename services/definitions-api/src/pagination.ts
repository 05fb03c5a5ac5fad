import { type Fault, invalid } from './problem.ts';

export interface Page {
  limit: number;
  offset: number;
}

type Query = Record<string, string | string[] | undefined>;

/** `limit` ≤ 200 (50 unless said) and `offset` ≤ 10,000; anything else, also an unknown parameter, is a 422 that names it. */
export function parsePage(query: Query, filters: Record<string, readonly string[]> = {}): Page & { filters: Record<string, string> } {
  const faults: Fault[] = [];
  const limit = wholeNumber(query, 'limit', { min: 1, max: 200, otherwise: 50 }, faults);
  const offset = wholeNumber(query, 'offset', { min: 0, max: 10_000, otherwise: 0 }, faults);
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    if (name === 'limit' || name === 'offset') continue;
    const allowed = Object.hasOwn(filters, name) ? filters[name] : undefined;
    if (!allowed) {
      const known = ['limit', 'offset', ...Object.keys(filters)].join(', ');
      faults.push({ path: name, code: 'unknown_parameter', message: `Expected one of ${known}, but got "${name}"` });
    } else if (typeof value !== 'string' || !allowed.includes(value)) {
      faults.push({ path: name, code: 'invalid_value', message: `Expected one of ${allowed.join(', ')}, but got "${String(value)}"` });
    } else found[name] = value;
  }
  if (faults.length > 0) throw invalid(faults);
  return { limit, offset, filters: found };
}

function wholeNumber(query: Query, name: string, bounds: { min: number; max: number; otherwise: number }, faults: Fault[]): number {
  const text = query[name];
  if (text === undefined) return bounds.otherwise;
  const value = typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= bounds.min && value <= bounds.max) return value;
  faults.push({
    path: name,
    code: 'out_of_range',
    message: `Expected a whole number from ${bounds.min} to ${bounds.max}, but got "${String(text)}"`,
  });
  return bounds.otherwise;
}
