import type { EntityName, FilterOptions, FilterQuery, FindOneOptions, FindOptions } from '@mikro-orm/core';
import { SqlEntityManager } from '@mikro-orm/mysql';

/** Of a tenant for as long as it lives: queries that try to look past the `tenant` filter, and a second tenant, are refused. */
export class TenantEntityManager extends SqlEntityManager {
  override applyFilters<Entity extends object>(
    entityName: EntityName<Entity>,
    where: FilterQuery<Entity> | undefined,
    filters: FilterOptions | undefined,
    type: 'read' | 'update' | 'delete',
    options?: FindOptions<Entity> | FindOneOptions<Entity>,
  ): Promise<FilterQuery<Entity> | undefined> {
    if (namesTenant(filters)) throw new TypeError('Expected queries to leave the tenant filter alone, but one sets or disables it');
    return super.applyFilters(entityName, where, filters, type, options);
  }

  override setFilterParams(name: string, args: Record<string, unknown>): void {
    const given: { tenantId?: unknown } | undefined = name === 'tenant' ? this.getFilterParams(name) : undefined;
    if (given && given.tenantId !== args.tenantId) {
      throw new TypeError('Expected an entity manager to stay with its tenant, but another one is set');
    }
    super.setFilterParams(name, args);
  }
}

function namesTenant(filters: FilterOptions | undefined): boolean {
  if (filters === false) return true;
  return typeof filters === 'object' && !Array.isArray(filters) && Object.hasOwn(filters, 'tenant');
}
