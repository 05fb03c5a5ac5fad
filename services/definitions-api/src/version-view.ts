import { parseJson, type WorkflowVersion as VersionRow } from '@millrace/db';
import { nestActions } from '@millrace/workflow';
import { z } from 'zod';
import { instant, rowId } from './answer-schema.ts';
import type { StoredDefinition } from './definition.ts';
import { definitionFields } from './workflow-view.ts';

/** A version in a list: who made it, and what for. */
export const versionSummarySchema = z.strictObject({
  workflow_id: rowId,
  version: rowId,
  author: z.string().nullable(),
  note: z.string().nullable(),
  created_at: instant,
});

/** A version as a whole; it never changes. */
export const versionSchema = versionSummarySchema.extend(definitionFields);

type VersionSummary = z.input<typeof versionSummarySchema>;

export function versionSummary(row: Pick<VersionRow, 'workflowId' | 'version' | 'author' | 'note' | 'createdAt'>): VersionSummary {
  return {
    workflow_id: Number(row.workflowId),
    version: row.version,
    author: row.author ?? null,
    note: row.note ?? null,
    created_at: row.createdAt.toISOString(),
  };
}

export function versionView(row: VersionRow): z.input<typeof versionSchema> {
  const definition = parseJson<StoredDefinition>(row.definition);
  return {
    ...versionSummary(row),
    name: definition.name,
    description: definition.description ?? null,
    enabled: definition.enabled,
    on_disable: definition.on_disable,
    re_entry: definition.re_entry,
    cooldown_seconds: definition.cooldown_seconds,
    triggers: definition.triggers,
    actions: nestActions(definition.actions),
  };
}
