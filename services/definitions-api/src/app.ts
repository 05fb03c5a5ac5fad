import { Router } from '@koa/router';
import type { Database } from '@millrace/db';
import type { Logger } from '@millrace/runtime';
import Koa from 'koa';
import type { Authenticate } from './identity/authenticate.ts';
import { identity } from './middleware/identity.ts';
import { problems } from './middleware/problems.ts';
import { type RateLimit, rateLimit } from './middleware/rate-limit.ts';
import { requestScope } from './middleware/request-scope.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { tenantRows } from './middleware/tenant-rows.ts';
import { basePath, mountRoutes } from './mount-routes.ts';
import { documentation } from './openapi/documentation.ts';
import { routes } from './routes.ts';
import type { Services } from './services.ts';
import type { State } from './state.ts';

export interface AppOptions extends Services {
  database: Database;
  logger: Logger;
  authenticate: Authenticate;
  rateLimit: RateLimit;
  /** Before the names of this installation's topics. */
  topicPrefix: string;
}

/** The REST API as a Koa application. */
export function createApp({ database, logger, authenticate, rateLimit: limit, topicPrefix, ...services }: AppOptions): Koa<State> {
  const router = new Router<State>();
  mountRoutes(router, routes, services);

  const app = new Koa<State>();
  app.silent = true;
  app.use(requestScope(logger));
  app.use(securityHeaders);
  app.use(problems);
  app.use(documentation(routes, { basePath, topicPrefix }));
  app.use(identity(authenticate));
  app.use(rateLimit(limit));
  app.use(tenantRows(database));
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}
