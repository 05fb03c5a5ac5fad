import type { Workflow } from '@millrace/db';
import { nestActions, retryPolicySchema } from '@millrace/workflow';
import { z } from 'zod';
import { conditionsSchema, instant, jsonObject, rowId } from './answer-schema.ts';
import type { WorkflowVersion } from './definition.ts';

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

/** A workflow as the API answers it. */
export const workflowSchema = z.strictObject({
  id: rowId,
  name: z.string(),
  description: z.string().nullable(),
  enabled: z.boolean(),
  on_disable: z.enum(['finish', 'cancel']),
  re_entry: z.enum(['always', 'while_inactive', 'once']),
  cooldown_seconds: z.number().int().nullable(),
  version: rowId,
  triggers: z.array(triggerSchema),
  actions: z.array(actionSchema),
  created_by: z.string().nullable(),
  /** Null until matchers are told of this version. */
  published_at: instant.nullable(),
  created_at: instant,
  updated_at: instant,
});

export type WorkflowView = z.input<typeof workflowSchema>;

export function workflowView(row: Workflow, { triggers, actions }: Pick<WorkflowVersion, 'triggers' | 'actions'>): WorkflowView {
  return {
    id: row.id,
    name: row.name,
    description: row.description ?? null,
    enabled: row.enabled,
    on_disable: row.onDisable as WorkflowView['on_disable'],
    re_entry: row.reEntry as WorkflowView['re_entry'],
    cooldown_seconds: row.cooldownSeconds ?? null,
    version: row.version,
    triggers,
    actions: nestActions(actions),
    created_by: row.createdBy ?? null,
    published_at: row.publishedAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
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
