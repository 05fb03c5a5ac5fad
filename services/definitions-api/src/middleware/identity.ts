import type { Middleware } from 'koa';
import type { Authenticate } from '../identity/authenticate.ts';
import { Problem } from '../problem.ts';
import { type Role, roles, type State } from '../state.ts';

/** Nobody gets past it without an identity. */
export function identity(authenticate: Authenticate): Middleware<State> {
  return async (ctx, next) => {
    ctx.state.identity = await authenticate((name) => ctx.get(name));
    ctx.state.logger = ctx.state.logger.child({ tenant_id: ctx.state.identity.tenantId });
    await next();
  };
}

/** Refuses who may do less than `role`, and a key whose scopes don't name `scope`. */
export function requirePermission(role: Role, scope: string): Middleware<State> {
  return async (ctx, next) => {
    const { identity } = ctx.state;
    if (roles.indexOf(identity.role) < roles.indexOf(role)) {
      throw new Problem(403, 'forbidden', `Expected the role ${role} or above, but it is ${identity.role}`);
    }
    if (identity.scopes !== null && !identity.scopes.includes(scope)) {
      throw new Problem(403, 'scope_missing', `Expected an API key with the scope "${scope}", but it lacks it`);
    }
    await next();
  };
}
