import { defineEntity, p } from '@mikro-orm/core';
import { at, createdAt, foreignId, rowId, tenantFilter, tenantId } from './columns.ts';

const deadLetter = defineEntity({
  name: 'DeadLetter',
  tableName: 'dead_letters',
  properties: {
    id: rowId(),
    tenantId: tenantId(),
    originTopic: p.string().length(249),
    originPartition: p.integer().unsigned(),
    originOffset: foreignId(),
    reason: p.string().length(64),
    message: p.string().length(1000),
    service: p.string().length(64),
    recordKey: p.blob().columnType('mediumblob').nullable(),
    recordValue: p.blob().columnType('mediumblob').nullable(),
    headers: p.json<[name: string, base64: string][]>(),
    deadLetteredAt: at(),
    state: p.string().length(16).default('waiting'),
    replays: p.integer().unsigned().default(0),
    replayedAt: at().nullable(),
    discardedAt: at().nullable(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  uniques: [{ name: 'dead_letters_origin', properties: ['originTopic', 'originPartition', 'originOffset'] }],
  indexes: [
    { name: 'dead_letters_state', properties: ['state'] },
    { name: 'dead_letters_tenant', properties: ['tenantId'] },
    { name: 'dead_letters_reason', properties: ['reason'] },
    { name: 'dead_letters_at', properties: ['deadLetteredAt'] },
  ],
  filters: tenantFilter,
});
/** A record that could not be handled. `tenantId` is empty where its key is no tenant's; `headers` are those that it came with. */
export class DeadLetter extends deadLetter.class {}
deadLetter.setClass(DeadLetter);
