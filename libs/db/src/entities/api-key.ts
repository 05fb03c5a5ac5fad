import { defineEntity, p } from '@mikro-orm/core';
import { at, createdAt, rowId, tenantFilter, tenantId } from './columns.ts';

const apiKey = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  properties: {
    id: rowId(),
    tenantId: tenantId(),
    name: p.string().length(128),
    prefix: p.string().length(16),
    keyHash: p.blob().columnType('binary(32)'),
    role: p.string().length(16),
    scopes: p.json<string[]>().nullable(),
    createdBy: p.string().length(128).nullable(),
    createdAt: createdAt(),
    expiresAt: at().nullable(),
    revokedAt: at().nullable(),
    lastUsedAt: at().nullable(),
  },
  uniques: [{ name: 'api_keys_prefix', properties: ['prefix'] }],
  indexes: [{ name: 'api_keys_tenant_created', properties: ['tenantId', 'createdAt'] }],
  filters: tenantFilter,
});
/** A key of the REST API: found by `prefix`, known by the SHA-256 of the whole. Null scopes allow all that the role does. */
export class ApiKey extends apiKey.class {}
apiKey.setClass(ApiKey);
