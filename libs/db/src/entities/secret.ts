import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, tenantFilter, tenantId } from './columns.ts';

const secret = defineEntity({
  name: 'Secret',
  tableName: 'secrets',
  properties: {
    tenantId: tenantId().primary(),
    name: p.string().length(64).primary(),
    sealed: p.blob(),
    hosts: p.json<string[]>(),
    version: p.integer().default(1),
    createdBy: p.string().length(128).nullable(),
    updatedBy: p.string().length(128).nullable(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  filters: tenantFilter,
});
/** A value that only requests to `hosts` may carry; `sealed` is what `sealSecret` made of it. */
export class Secret extends secret.class {}
secret.setClass(Secret);
