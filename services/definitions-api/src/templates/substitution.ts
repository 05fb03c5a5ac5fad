import { isJsonObject, type Json, type JsonObject } from '@millrace/workflow';
import type { ParameterValues } from './parameters.ts';

const placeholder = /%\{([a-z][a-z0-9_]*)\}/g;
const lonePlaceholder = /^%\{([a-z][a-z0-9_]*)\}$/;

/** The names of all `%{…}` in a definition. */
export function placeholdersIn(value: Json): Set<string> {
  if (typeof value === 'string') return new Set([...value.matchAll(placeholder)].map(([, name]) => name as string));
  const parts = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return new Set(parts.flatMap((part) => [...placeholdersIn(part)]));
}

/**
 * A definition with its placeholders filled. A text that is nothing but one placeholder becomes the value with its type; where there is no
 * value, its key or element is left out. In running text a value is written as it is, a missing one as nothing.
 */
export function substitute(definition: JsonObject, values: ParameterValues): JsonObject {
  return fill(definition, values) as JsonObject;
}

function fill(value: Json, values: ParameterValues): Json | undefined {
  if (typeof value === 'string') return fillText(value, values);
  if (Array.isArray(value)) return value.map((item) => fill(item, values)).filter((item) => item !== undefined);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, fill(item, values)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

function fillText(text: string, values: ParameterValues): Json | undefined {
  const lone = lonePlaceholder.exec(text)?.[1];
  if (lone !== undefined) return values[lone];
  return text.replaceAll(placeholder, (_, name: string) => String(values[name] ?? ''));
}
