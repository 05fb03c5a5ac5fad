import { defineEntity, p } from '@mikro-orm/core';
import { tenantFilter, tenantId } from './columns.ts';

const tenantUsage = defineEntity({
  name: 'TenantUsage',
  tableName: 'tenant_usage',
  properties: {
    tenantId: tenantId().primary(),
    resource: p.string().length(16).primary(),
    day: p.string().length(10),
    used: p.integer().unsigned(),
  },
  filters: tenantFilter,
});
/** How much of a resource (`emails`, `texts`) a tenant has used on its latest local day, YYYY-MM-DD; what executors hold in reserve counts. */
export class TenantUsage extends tenantUsage.class {}
tenantUsage.setClass(TenantUsage);
