import { isJsonObject, type Json, sameJson } from '@millrace/workflow';
import { z } from 'zod';
import type { StoredDefinition } from './definition.ts';

/** One difference between two definitions. Triggers and actions are named by their ids: `actions[id=5].action_config.title`. */
export const differenceSchema = z.strictObject({
  path: z.string(),
  kind: z.enum(['added', 'removed', 'changed', 'reordered']),
  before: z.json(),
  after: z.json(),
});

export type Difference = z.input<typeof differenceSchema>;

type Node = { [key: string]: Json } & { id: number };

/** What of a definition a user has a say in; the rest follows from it. */
const headerKeys = ['name', 'description', 'enabled', 'on_disable', 're_entry', 'cooldown_seconds'] as const;

/** What has to change in `before` to get `after`; nothing before means that all of it was added. */
export function diffDefinitions(before: StoredDefinition | null, after: StoredDefinition): Difference[] {
  const header = headerKeys.flatMap((key) => diffValues(key, before === null ? undefined : (before[key] ?? null), after[key] ?? null));
  return [
    ...header,
    ...diffLists('triggers', before?.triggers ?? [], after.triggers),
    ...diffLists('actions', before?.actions ?? [], after.actions),
  ];
}

function diffLists(name: 'triggers' | 'actions', before: readonly { id: number }[], after: readonly { id: number }[]): Difference[] {
  const [old, now] = [before as unknown as Node[], after as unknown as Node[]];
  const differences: Difference[] = [];
  for (const node of old) {
    const kept = now.find(({ id }) => id === node.id);
    const path = `${name}[id=${node.id}]`;
    differences.push(...(kept ? diffValues(path, node, kept) : [{ path, kind: 'removed' as const, before: node, after: null }]));
  }
  for (const node of now) {
    if (!old.some(({ id }) => id === node.id))
      differences.push({ path: `${name}[id=${node.id}]`, kind: 'added', before: null, after: node });
  }
  return [...differences, ...(name === 'triggers' ? diffOrder(old, now) : [])];
}

/** The first trigger that matches starts a workflow, so their order counts; that of actions is a field of theirs. */
function diffOrder(before: readonly Node[], after: readonly Node[]): Difference[] {
  const orderOf = (nodes: readonly Node[], others: readonly Node[]) =>
    nodes.map(({ id }) => id).filter((id) => others.some((other) => other.id === id));
  const [old, now] = [orderOf(before, after), orderOf(after, before)];
  return sameJson(old, now) ? [] : [{ path: 'triggers', kind: 'reordered', before: old, after: now }];
}

function diffValues(path: string, before: Json | undefined, after: Json | undefined): Difference[] {
  if (before === undefined) return [{ path, kind: 'added', before: null, after: after ?? null }];
  if (after === undefined) return [{ path, kind: 'removed', before, after: null }];
  if (sameJson(before, after)) return [];
  if (!isJsonObject(before) || !isJsonObject(after)) return [{ path, kind: 'changed', before, after }];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => diffValues(`${path}.${key}`, ownValue(before, key), ownValue(after, key)));
}

function ownValue(object: Record<string, Json>, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
