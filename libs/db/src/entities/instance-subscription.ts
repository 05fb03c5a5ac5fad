import { defineEntity, p } from '@mikro-orm/core';
import { hexId, tenantFilter, tenantId } from './columns.ts';

const instanceSubscription = defineEntity({
  name: 'InstanceSubscription',
  tableName: 'instance_subscriptions',
  properties: {
    tenantId: tenantId().primary(),
    eventName: p.string().length(128).primary(),
    entityType: p.string().length(64).primary(),
    entityId: p.string().length(128).primary(),
    instanceId: hexId().primary(),
  },
  indexes: [{ name: 'instance_subscriptions_instance', properties: ['instanceId'] }],
  filters: tenantFilter,
});
/** An instance that waits for events of a name about its entity. */
export class InstanceSubscription extends instanceSubscription.class {}
instanceSubscription.setClass(InstanceSubscription);
