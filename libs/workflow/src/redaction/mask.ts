import { isJsonObject, type Json, type JsonObject } from '../json.ts';

/** What stands in the log where a value is hidden. */
export const mask = '***';

/** A value with everything in it hidden, never in part: lists and objects keep their shape, null stays null. */
export function masked(value: Json): Json {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(masked);
  if (isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, masked(child)]));
  return mask;
}

/** The beginning of a value that was too long: which fields its text holds can't be told any more. */
export function isCutValue(value: Json): value is JsonObject & { head: string } {
  return isJsonObject(value) && value.truncated === true && typeof value.length === 'number' && typeof value.head === 'string';
}

/** Maps the children of a list or an object; the same value where none changes. */
export function mapChildren(value: Json[] | JsonObject, map: (child: Json, key: string) => Json): Json {
  if (Array.isArray(value)) {
    const items = value.map((item, index) => map(item, String(index)));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  let changed: JsonObject | undefined;
  for (const [key, child] of Object.entries(value)) {
    const mapped = map(child, key);
    if (mapped === child) continue;
    changed ??= { ...value };
    changed[key] = mapped;
  }
  return changed ?? value;
}
