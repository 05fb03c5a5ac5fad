import { defineEntity } from '@mikro-orm/core';
import { foreignId, hexId, tenantFilter, tenantId } from './columns.ts';

const liveTaskRun = defineEntity({
  name: 'LiveTaskRun',
  tableName: 'live_task_runs',
  properties: {
    taskId: foreignId().primary().autoincrement(false),
    instanceId: hexId().primary(),
    tenantId: tenantId(),
  },
  indexes: [{ name: 'live_task_runs_instance', properties: ['instanceId'] }],
  filters: tenantFilter,
});
/** A run of a scheduled task that goes on; one whose instance has ended is left over from a crash and means nothing. */
export class LiveTaskRun extends liveTaskRun.class {}
liveTaskRun.setClass(LiveTaskRun);
