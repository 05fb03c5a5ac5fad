import type { Workflow } from '@millrace/db';
import type { ActionNode, TriggerNode, WorkflowVersion } from './definition.ts';

/** A workflow as the API answers it. */
export interface WorkflowView {
  id: number;
  name: string;
  description: string | null;
  enabled: boolean;
  on_disable: string;
  re_entry: string;
  cooldown_seconds: number | null;
  version: number;
  triggers: TriggerNode[];
  actions: ActionNode[];
  created_by: string | null;
  /** Null until matchers are told of this version. */
  published_at: string | null;
  created_at: string;
  updated_at: string;
}

export function workflowView(row: Workflow, { triggers, actions }: Pick<WorkflowVersion, 'triggers' | 'actions'>): WorkflowView {
  return {
    id: row.id,
    name: row.name,
    description: row.description ?? null,
    enabled: row.enabled,
    on_disable: row.onDisable,
    re_entry: row.reEntry,
    cooldown_seconds: row.cooldownSeconds ?? null,
    version: row.version,
    triggers,
    actions,
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
