import { isJsonObject, type Json } from '../json.ts';
import { isCutValue, mapChildren, mask, masked } from './mask.ts';

/** What the log hides of an action: dotted paths that begin with `input` or `output`. Lists on the way count for each of their items. */
export interface HiddenFields {
  /** Addresses and what is written to them; hidden unless the tenant wants to see it. */
  contents?: readonly string[];
  /** Places below which keys that sound like credentials are hidden always. */
  secretsIn?: readonly string[];
}

/** Names of headers and fields that hold credentials, by what they contain. */
const credential =
  /^(?:cookie|set-cookie|auth)$|authorization|password|passwd|passphrase|secret|token|credential|signature|session[-_]?id|api[-_]?key|private[-_]?key|access[-_]?key/i;

/** The value with what lies at a path hidden; the same value where nothing does. */
export function maskAt(value: Json, [first, ...rest]: readonly string[]): Json {
  if (first === undefined) return masked(value);
  if (isCutValue(value)) return { ...value, head: mask };
  if (Array.isArray(value)) return mapChildren(value, (item) => maskAt(item, [first, ...rest]));
  if (!isJsonObject(value) || !Object.hasOwn(value, first)) return value;
  return mapChildren(value, (child, key) => (key === first ? maskAt(child, rest) : child));
}

/** The value with credentials below a path hidden, at any depth. */
export function maskCredentials(value: Json, [first, ...rest]: readonly string[]): Json {
  if (isCutValue(value)) return { ...value, head: mask };
  if (typeof value !== 'object' || value === null) return value;
  if (first === undefined)
    return mapChildren(value, (child, key) => (isCredential(value, key) ? masked(child) : maskCredentials(child, [])));
  if (Array.isArray(value)) return mapChildren(value, (item) => maskCredentials(item, [first, ...rest]));
  return mapChildren(value, (child, key) => (key === first ? maskCredentials(child, rest) : child));
}

function isCredential(parent: Json, key: string): boolean {
  return !Array.isArray(parent) && credential.test(key);
}
