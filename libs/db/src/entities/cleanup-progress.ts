import { defineEntity, p } from '@mikro-orm/core';
import { hexId, tenantFilter, tenantId } from './columns.ts';

const cleanupProgress = defineEntity({
  name: 'CleanupProgress',
  tableName: 'cleanup_progress',
  properties: {
    instanceId: hexId().primary(),
    tenantId: tenantId(),
    deleted: p.bigint('number').unsigned(),
  },
  filters: tenantFilter,
});
/** What a run of a cleanup has deleted so far, in all its attempts; goes with its instance. */
export class CleanupProgress extends cleanupProgress.class {}
cleanupProgress.setClass(CleanupProgress);
