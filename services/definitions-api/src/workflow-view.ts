import { parseJson } from '@millrace/db';
import { nestActions, retryPolicySchema } from '@millrace/workflow';
import { z } from 'zod';
import { conditionsSchema, instant, jsonObject, rowId } from './answer-schema.ts';
import type { StoredDefinition } from './definition.ts';
import { faultSchema } from './problem.ts';

export const triggerSchema = z.strictObject({
  id: rowId,
  trigger_type: z.string(),
  trigger_config: jsonObject,
  conditions: conditionsSchema.nullable(),
});

export const actionSchema = z.strictObject({
  id: rowId,
  name: z.string(),
  action_type: z.string(),
  action_config: jsonObject,
  order: z.number().int().min(0),
  delay_seconds: z.number().int().min(0),
  conditions: conditionsSchema.nullable(),
  retry_policy: retryPolicySchema.extend({ jitter: z.enum(['full', 'none']).optional() }).nullable(),
  timeout_seconds: z.number().nullable(),
  on_error: z.enum(['fail', 'continue']),
  at_most_once: z.boolean(),
});

/** An action with its place in the tree, without the lists of its arms. */
export const actionNodeSchema = actionSchema.extend({
  /** The action in whose arm it lies; null in the workflow's own list. */
  parent_id: rowId.nullable(),
  arm: z.string().nullable(),
});

/** What a definition says, without what the API adds to it. */
export const definitionFields = {
  name: z.string(),
  description: z.string().nullable(),
  enabled: z.boolean(),
  on_disable: z.enum(['finish', 'cancel']),
  re_entry: z.enum(['always', 'while_inactive', 'once']),
  cooldown_seconds: z.number().int().nullable(),
  triggers: z.array(triggerSchema),
  /** By order; those in the arms of a branch, split or wait stand in its config. */
  actions: z.array(actionSchema),
};

/** A workflow as the API answers it. */
export const workflowSchema = z.strictObject({
  id: rowId,
  version: rowId,
  ...definitionFields,
  created_by: z.string().nullable(),
  /** Null until matchers are told of this version. */
  published_at: instant.nullable(),
  created_at: instant,
  updated_at: instant,
  /** Of a change: what it allows and is probably not meant, such as a workflow that may start itself. Left out where there is none. */
  warnings: z.array(faultSchema).optional(),
});

export type WorkflowView = z.input<typeof workflowSchema>;

/** A row of `workflows` with its newest definition, as a raw statement gives it: times are texts in UTC. */
export interface WorkflowRow {
  id: number;
  name: string;
  description: string | null;
  enabled: number | boolean;
  on_disable: WorkflowView['on_disable'];
  re_entry: WorkflowView['re_entry'];
  cooldown_seconds: number | null;
  version: number;
  created_by: string | null;
  published_at: string | null;
  created_at: string;
  updated_at: string;
  definition: unknown;
}

export function workflowView(row: WorkflowRow): WorkflowView {
  const { triggers, actions } = parseJson<StoredDefinition>(row.definition);
  return {
    id: Number(row.id),
    version: row.version,
    name: row.name,
    description: row.description,
    enabled: Boolean(row.enabled),
    on_disable: row.on_disable,
    re_entry: row.re_entry,
    cooldown_seconds: row.cooldown_seconds,
    triggers,
    actions: nestActions(actions),
    created_by: row.created_by,
    published_at: row.published_at === null ? null : isoOf(row.published_at),
    created_at: isoOf(row.created_at),
    updated_at: isoOf(row.updated_at),
  };
}

/** A DATETIME(3) in UTC as ISO 8601. */
export function isoOf(datetime: string): string {
  return `${datetime.replace(' ', 'T')}Z`;
}

/** The tag of a version; changes with every change of the definition. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/** Whether an If-Match header lets a change of this version through; an absent one always does. */
export function ifMatchAllows(header: string, version: number): boolean {
  if (header === '' || header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim() === etagOf(version));
}
