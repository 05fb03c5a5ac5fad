import type { Database } from '@millrace/db';
import type { Middleware } from 'koa';
import type { State } from '../state.ts';

/** The one place where a request gets at rows: an entity manager of its own whose every query is filtered by its tenant. */
export function tenantRows(database: Database): Middleware<State> {
  return async (ctx, next) => {
    const em = (await database.orm()).em.fork();
    em.setFilterParams('tenant', { tenantId: ctx.state.identity.tenantId });
    ctx.state.em = em;
    await next();
  };
}
