import type { SqlEntityManager } from '@mikro-orm/mysql';

type Value = string | number | boolean | Date | Buffer | null | readonly (string | number)[];

/**
 * Rows of a raw statement over the request's own connection. `:name` stands for a value, `:tenant` for the tenant that the entity manager
 * belongs to; a statement that doesn't ask for `tenant_id = :tenant` is refused.
 */
export async function tenantQuery<Row extends object>(
  em: SqlEntityManager,
  statement: string,
  values: Record<string, Value> = {},
): Promise<Row[]> {
  if (!/\btenant_id = :tenant\b/.test(statement)) throw new TypeError('Expected a statement with tenant_id = :tenant, but it has none');
  const { tenantId } = (em.getFilterParams('tenant') ?? {}) as { tenantId?: unknown };
  if (typeof tenantId !== 'string') throw new TypeError('Expected an entity manager of a tenant, but it has none');
  const given: Record<string, Value> = { ...values, tenant: tenantId };
  const parameters: unknown[] = [];
  const sql = statement.replaceAll(/:([a-z]\w*)/gi, (_, name: string) => {
    const value = given[name];
    if (value === undefined) throw new TypeError(`Expected a value for :${name}, but there is none`);
    const list = Array.isArray(value) ? value : [value];
    parameters.push(...list);
    return list.map(() => '?').join(', ');
  });
  return em.execute<Row[]>(sql, parameters);
}
