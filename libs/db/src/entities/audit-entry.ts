import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, rowId, tenantFilter, tenantId } from './columns.ts';

const auditEntry = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entries',
  properties: {
    id: rowId(),
    tenantId: tenantId(),
    action: p.string().length(64),
    resourceType: p.string().length(32),
    resourceId: p.string().length(64).nullable(),
    path: p.string().length(255),
    userId: p.string().length(128).nullable(),
    role: p.string().length(16),
    authenticatedBy: p.string().length(16),
    requestId: p.string().length(128),
    stateBefore: p.json<unknown>().nullable(),
    stateAfter: p.json<unknown>().nullable(),
    createdAt: createdAt(),
  },
  indexes: [
    { name: 'audit_entries_tenant_created', properties: ['tenantId', 'createdAt', 'id'] },
    { name: 'audit_entries_tenant_resource', properties: ['tenantId', 'resourceType', 'resourceId', 'createdAt'] },
  ],
  filters: tenantFilter,
});
/** One change over the API: who made it, and what the resource was before (null: none) and after (null: gone). Never changed. */
export class AuditEntry extends auditEntry.class {}
auditEntry.setClass(AuditEntry);
