import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/mysql';
import { TenantSetting } from '@millrace/db';
import { defaultTenantSettings, type TenantSettings, tenantSettingsSchema } from '@millrace/workflow';
import { z } from 'zod';
import { instant } from './answer-schema.ts';
import { Problem } from './problem.ts';
import type { Identity } from './state.ts';
import { etagOf, ifMatchAllows } from './workflow-view.ts';

export const tenantSettingsAnswerSchema = z.strictObject({
  timezone: z.string(),
  senders: z.array(z.strictObject({ address: z.string(), name: z.string().nullable() })),
  redaction: z.strictObject({ fields: z.array(z.string()), actions: z.boolean() }),
  retention: z.strictObject({
    completed_days: z.number().nullable(),
    failed_days: z.number().nullable(),
    cancelled_days: z.number().nullable(),
  }),
  limits: z.record(z.string(), z.number().int().min(0)),
  /** 0: the defaults, as nothing was ever set. */
  version: z.number().int().min(0),
  updated_by: z.string().nullable(),
  updated_at: instant.nullable(),
});

export type TenantSettingsView = z.output<typeof tenantSettingsAnswerSchema>;

export interface SettingsChange {
  identity: Pick<Identity, 'tenantId' | 'userId'>;
  /** The header's text; empty where there is none. */
  ifMatch: string;
  at: Date;
}

/** What the tenant has set, over the defaults. */
export async function getTenantSettings(em: SqlEntityManager): Promise<TenantSettingsView> {
  return settingsView(await em.findOne(TenantSetting, {}));
}

/** Replaces the tenant's settings: what the request doesn't name goes back to its default. 412 for a stale If-Match. */
export async function replaceTenantSettings(
  em: SqlEntityManager,
  settings: TenantSettings,
  { identity, ifMatch, at }: SettingsChange,
): Promise<TenantSettingsView> {
  await ensureRow(em, identity.tenantId, at);
  const row = await em.findOneOrFail(TenantSetting, {}, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!ifMatchAllows(ifMatch, row.version)) {
    throw new Problem(412, 'version_changed', `Expected the version named in If-Match, but the settings are at ${etagOf(row.version)}`);
  }
  row.timezone = settings.timezone;
  row.senders = settings.senders;
  row.redaction = settings.redaction;
  row.retention = settings.retention;
  row.limits = changedLimits(settings);
  row.version += 1;
  row.updatedBy = identity.userId;
  row.updatedAt = at;
  await em.flush();
  return settingsView(row);
}

/** So that the first two changes take turns, too: there must be a row to lock. */
async function ensureRow(em: SqlEntityManager, tenantId: string, at: Date): Promise<void> {
  await em.execute(
    `insert into tenant_settings (tenant_id, senders, redaction, limits, version, created_at) values (?, '[]', '{}', '{}', 0, ?)
     on duplicate key update tenant_id = values(tenant_id)`,
    [tenantId, at],
  );
}

/** What is at its default isn't kept, so that a default that is raised later reaches those who never cared. */
function changedLimits({ limits }: TenantSettings): Record<string, number> {
  return Object.fromEntries(
    Object.entries(limits).filter(([name, value]) => value !== defaultTenantSettings.limits[name as keyof TenantSettings['limits']]),
  );
}

function settingsView(row: TenantSetting | null): TenantSettingsView {
  if (row === null) return { ...defaultTenantSettings, version: 0, updated_by: null, updated_at: null };
  const { timezone, senders, redaction, retention, limits } = row;
  return {
    ...tenantSettingsSchema.parse({ timezone, senders, redaction, retention: retention ?? {}, limits }),
    version: row.version,
    updated_by: row.updatedBy ?? null,
    updated_at: row.updatedAt.toISOString(),
  };
}
