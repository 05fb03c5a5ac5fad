import { isDeeperThan, isJsonObject, type Json, type JsonObject } from '../json.ts';
import { findRunnableType } from '../tasks/task-actions.ts';
import { FieldNames, nowhere, type Places } from './field-names.ts';
import { type HiddenFields, maskAt, maskCredentials } from './hidden-fields.ts';
import { KnownValues } from './known-values.ts';
import { isCutValue, mapChildren, mask, masked } from './mask.ts';

/** What a tenant wants to be hidden in the execution log. */
export interface RedactionSettings {
  /** Names of fields: see FieldNames. */
  fields: readonly string[];
  /** Whether addresses and contents that action types name are hidden as well. Credentials are, always. */
  actions: boolean;
}

/** The parts of a log entry that may hold what is to be hidden. */
export interface RedactableEntry {
  type: string;
  action_type?: string | undefined;
  reason?: string | undefined;
  error_message?: string | undefined;
  detail?: unknown;
}

/** Hides what is to be hidden in one entry; the same entry where that is nothing. */
export type Redact = <E extends RedactableEntry>(entry: E) => E;

export interface Redaction {
  /** Whether an entry can only be told after all earlier ones of its instance. */
  readsHistory: boolean;
  /** For one instance, whose entries come in order, from the first on where `readsHistory` says so. Deterministic. */
  forInstance(): Redact;
}

/** Levels of values in values. */
const deepest = 200;
const address = /[^\s@"'<>(),;:]+@[^\s@"'<>(),;:]+/g;
const phone = /\+\d[\d ()-]{5,18}\d/g;

/**
 * Compiles a tenant's settings. Hidden values become `***`, whole. Fields that the tenant names are hidden by name and path in events, inputs
 * and outputs, and so is every text that holds one of their values later on: entries say what an instance did, not with whose data.
 */
export function compileRedaction({ fields, actions }: RedactionSettings): Redaction {
  const names = new FieldNames(fields);
  const readsHistory = !names.isEmpty;
  return {
    readsHistory,
    forInstance() {
      const known = new KnownValues();
      return (entry) => {
        const byType = hideByType(entry, actions);
        return readsHistory ? hideByName(byType, names, known) : byType;
      };
    },
  };
}

function hideByType<E extends RedactableEntry>(entry: E, actions: boolean): E {
  const places = hiddenIn(entry);
  let { detail, error_message: message } = entry;
  if (places.length === 0 && message === undefined) return entry;
  for (const [path, hides] of places) {
    detail = withoutAbysses(detail as JsonObject);
    for (const place of hides.secretsIn ?? []) detail = maskCredentials(detail as Json, pathOf(path, place));
    for (const place of actions ? (hides.contents ?? []) : []) detail = maskAt(detail as Json, pathOf(path, place));
  }
  if (actions && message !== undefined) message = message.replace(address, mask).replace(phone, mask);
  return changed(entry, detail, message);
}

/** What is nested deeper than anybody writes is hidden whole: it can't be searched. */
function withoutAbysses(detail: JsonObject): JsonObject {
  return mapChildren(detail, (child) => (isDeeperThan(child, deepest) ? mask : child)) as JsonObject;
}

/** Whose fields lie in an entry, and where: an action's own beside `input` and `output`, a task's in its config. */
function hiddenIn({ type, action_type: actionType, detail }: RedactableEntry): [path: string[], hides: HiddenFields][] {
  if (!isJsonObject(detail)) return [];
  if (actionType !== undefined) return hidesOf([], actionType);
  const task = type === 'instance_started' && isJsonObject(detail.task) ? detail.task : null;
  if (task === null || !isJsonObject(task.config)) return [];
  const [path, name] = task.type === 'action' ? [['action_config'], task.config.action_type] : [[], task.type];
  return hidesOf(['task', 'config', ...path], String(name));
}

function hidesOf(path: string[], type: string): [path: string[], hides: HiddenFields][] {
  const hides = findRunnableType(type)?.hides;
  return hides?.contents === undefined && hides?.secretsIn === undefined ? [] : [[path, hides]];
}

/** A config holds what an entry has in `input`. */
function pathOf(path: readonly string[], place: string): string[] {
  const segments = place.split('.');
  return path.length === 0 ? segments : [...path, ...segments.slice(1)];
}

/** What else of an entry is made of a tenant's data: what it says of itself stays as it is, and so do ids and times of events. */
const searched: Record<string, readonly string[]> = {
  event: ['data', 'previous'],
  task: ['config'],
  input: [],
  output: [],
  triggered_by_value: [],
};

function hideByName<E extends RedactableEntry>(entry: E, names: FieldNames, known: KnownValues): E {
  const hide = (value: Json): Json => {
    known.learn(value);
    return masked(value);
  };
  const walk = (value: Json, places: Places): Json => {
    if (typeof value === 'string') return known.areIn(value) ? mask : value;
    if (typeof value !== 'object' || value === null) return value;
    if (isCutValue(value)) return { ...value, head: mask };
    return mapChildren(value, (child, key) => {
      const step = names.step(places, key);
      if (step.isMet) return hide(child);
      return walk(child, Array.isArray(value) ? [...places, ...step.places] : step.places);
    });
  };
  const lead = names.step(nowhere, 'lead').places;
  const search = (detail: JsonObject): JsonObject =>
    mapChildren(detail, (value, key) => {
      const parts = searched[key];
      if (parts === undefined) return value;
      const step = names.step(nowhere, key);
      if (step.isMet) return hide(value);
      if (parts.length > 0 && isJsonObject(value)) {
        return mapChildren(value, (child, part) => {
          if (!parts.includes(part)) return child;
          const { places, isMet } = names.step(step.places, part);
          return isMet ? hide(child) : walk(child, key === 'event' ? [...places, ...lead] : places);
        });
      }
      if (key !== 'input' || entry.action_type !== 'update_lead' || !isJsonObject(value)) return walk(value, step.places);
      const { fields, ...others } = walk(value, step.places) as JsonObject;
      return fields === undefined ? others : { ...others, fields: walk(fields, lead) };
    }) as JsonObject;

  const detail = isJsonObject(entry.detail) ? search(search(hideVariable(entry, withoutAbysses(entry.detail), names, hide))) : entry.detail;
  const message = entry.error_message !== undefined && known.areIn(entry.error_message) ? mask : entry.error_message;
  const redacted = changed(entry, detail, message);
  // Elsewhere it is a code.
  const isWords = entry.type === 'cancel_requested' || entry.type === 'instance_cancelled';
  return isWords && redacted.reason !== undefined && known.areIn(redacted.reason) ? { ...redacted, reason: mask } : redacted;
}

/** A variable is a field by its own name: `token`, or `variables.token`. */
function hideVariable(
  { action_type: type }: RedactableEntry,
  detail: JsonObject,
  names: FieldNames,
  hide: (value: Json) => Json,
): JsonObject {
  const output = type === 'set_variable' && isJsonObject(detail.output) ? detail.output : null;
  if (output === null || typeof output.name !== 'string' || output.value === undefined) return detail;
  const { places } = names.step(nowhere, 'variables');
  return names.step(places, output.name).isMet ? { ...detail, output: { ...output, value: hide(output.value) } } : detail;
}

function changed<E extends RedactableEntry>(entry: E, detail: unknown, message: string | undefined): E {
  if (detail === entry.detail && message === entry.error_message) return entry;
  return {
    ...entry,
    ...(detail === undefined ? {} : { detail }),
    ...(message === undefined ? {} : { error_message: message }),
  };
}
