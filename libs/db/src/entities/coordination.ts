import { defineEntity, p } from '@mikro-orm/core';
import { at, createdAt, foreignId, hexId, tenantFilter, tenantId } from './columns.ts';

const outboxMessage = defineEntity({
  name: 'OutboxMessage',
  tableName: 'outbox_messages',
  properties: {
    workflowId: foreignId().primary().autoincrement(false),
    tenantId: tenantId(),
    mark: p.integer(),
    createdAt: createdAt(),
  },
  filters: tenantFilter,
});
/** Says that a workflow's current state is still to be published; each change raises `mark`. */
export class OutboxMessage extends outboxMessage.class {}
outboxMessage.setClass(OutboxMessage);

const idempotencyKey = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_keys',
  properties: {
    tenantId: tenantId().primary(),
    route: p.string().length(128).primary(),
    idempotencyKey: p.string().length(255).primary(),
    requestHash: p.blob().columnType('binary(32)'),
    holder: hexId(),
    heldUntil: at(),
    status: p.integer().nullable(),
    answer: p.text().columnType('mediumtext').nullable(),
    createdAt: createdAt(),
  },
  indexes: [{ name: 'idempotency_keys_created', properties: ['createdAt'] }],
  filters: tenantFilter,
});
/** A POST that carries an Idempotency-Key: held by the request that runs it until `heldUntil`, then with its `status` and answer. */
export class IdempotencyKey extends idempotencyKey.class {}
idempotencyKey.setClass(IdempotencyKey);

const schedulerLease = defineEntity({
  name: 'SchedulerLease',
  tableName: 'scheduler_leases',
  properties: {
    name: p.string().length(32).primary(),
    holder: p.string().length(64),
    expiresAt: at(),
  },
});
export class SchedulerLease extends schedulerLease.class {}
schedulerLease.setClass(SchedulerLease);
