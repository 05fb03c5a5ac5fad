import type { Json } from './entries.ts';

const longest = 16 * 1024;

/** A value of an entry, or the beginning of its JSON text where that is longer than 16 KB. */
export function cut(value: Json): Json {
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) <= longest) return value;
  // Half a surrogate pair at the end is no text that a database takes.
  return { truncated: true, length: text.length, head: text.slice(0, longest).toWellFormed() };
}
