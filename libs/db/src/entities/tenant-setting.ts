import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, tenantFilter, tenantId } from './columns.ts';

const tenantSetting = defineEntity({
  name: 'TenantSetting',
  tableName: 'tenant_settings',
  properties: {
    tenantId: tenantId().primary(),
    timezone: p.string().length(64).default('UTC'),
    senders: p.json<Record<string, unknown>[]>(),
    redaction: p.json<Record<string, unknown>>(),
    retention: p.json<Record<string, number | null>>().nullable(),
    limits: p.json<Record<string, number>>(),
    version: p.integer().default(1),
    updatedBy: p.string().length(128).nullable(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  filters: tenantFilter,
});
/** What a tenant has set for itself; a tenant without a row has the defaults. `limits` holds only what differs from them. */
export class TenantSetting extends tenantSetting.class {}
tenantSetting.setClass(TenantSetting);
