import { defineEntity, p } from '@mikro-orm/core';
import { at, foreignId, hexId, tenantFilter, tenantId } from './columns.ts';

const entityEnrolment = defineEntity({
  name: 'EntityEnrolment',
  tableName: 'entity_enrolments',
  properties: {
    tenantId: tenantId().primary(),
    workflowId: foreignId().primary().autoincrement(false),
    entityType: p.string().length(64).primary(),
    entityId: p.string().length(128).primary(),
    instanceId: hexId(),
    startedAt: at(),
    refused: p.json<string[]>(),
  },
  filters: tenantFilter,
});
/** The last instance that an entity started of a workflow that limits re-entry, and the newest starts that were refused. */
export class EntityEnrolment extends entityEnrolment.class {}
entityEnrolment.setClass(EntityEnrolment);
