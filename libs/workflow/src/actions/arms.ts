import type { FaultPath } from '../fault.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';

/** A list of actions inside a config: the arm that it is, and where it stands. */
export interface ArmPlace {
  name: string;
  path: FaultPath;
}

export interface Arm extends ArmPlace {
  /** As posted; undefined where the config has none. */
  actions: Json | undefined;
}

/** Takes the lists of actions out of a config: rows and versions keep them as nodes of their own. */
export function takeArms(config: JsonObject, places: readonly ArmPlace[]): { config: JsonObject; arms: Arm[] } {
  const arms = places.map((place) => ({ ...place, actions: valueAt(config, place.path) }));
  const without = arms.reduce<Json>((rest, { path, actions }) => (actions === undefined ? rest : replaceAt(rest, path, undefined)), config);
  return { config: without as JsonObject, arms };
}

/** Puts lists of actions back where `takeArms` took them from; an arm without any gets an empty list. */
export function putArms(config: JsonObject, places: readonly ArmPlace[], actionsOf: (arm: string) => Json[]): JsonObject {
  return places.reduce<Json>((whole, { name, path }) => replaceAt(whole, path, actionsOf(name)), config) as JsonObject;
}

function valueAt(value: Json, path: FaultPath): Json | undefined {
  let current: Json | undefined = value;
  for (const key of path) current = partOf(current, key);
  return current;
}

function partOf(value: Json | undefined, key: string | number): Json | undefined {
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A copy with another value at a path; undefined takes the key away. What isn't a list or an object on the way stays as it is. */
function replaceAt(value: Json, [key, ...rest]: FaultPath, replacement: Json | undefined): Json {
  if (key === undefined) return replacement as Json;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? replaceAt(item, rest, replacement) : item));
  if (!isJsonObject(value)) return value;
  const part = rest.length === 0 ? replacement : replaceAt(value[key] ?? null, rest, replacement);
  const { [key]: _, ...others } = value;
  return part === undefined ? others : { ...others, [key]: part };
}
