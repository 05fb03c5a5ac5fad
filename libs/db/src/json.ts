/**
 * The value of a JSON column, or of a text or blob that holds JSON. MariaDB keeps JSON as text and MySQL has a type for it; the pool
 * reads both as text, and this is the one place that parses it. Null stays null.
 */
export function parseJson<T>(value: unknown): T {
  if (value === null || value === undefined) return null as T;
  if (typeof value === 'string') return JSON.parse(value) as T;
  if (Buffer.isBuffer(value)) return JSON.parse(value.toString('utf8')) as T;
  return value as T;
}
