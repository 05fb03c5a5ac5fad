import { Router } from '@koa/router';
import type { Logger } from '@millrace/runtime';
import Koa from 'koa';
import { identityFromHeaders } from './middleware/identity.ts';
import { jsonBody } from './middleware/json-body.ts';
import { problems } from './middleware/problems.ts';
import { requestScope } from './middleware/request-scope.ts';
import { tenantRows } from './middleware/tenant-rows.ts';
import { mountRoutes } from './route.ts';
import { routes } from './routes.ts';
import type { Services } from './services.ts';
import type { State } from './state.ts';

export interface AppOptions extends Services {
  logger: Logger;
  /** What requests must carry as X-Gateway-Secret, where set. */
  sharedSecret?: string | undefined;
}

/** The REST API as a Koa application. */
export function createApp(options: AppOptions): Koa<State> {
  const router = new Router<State>();
  mountRoutes(router, routes, options);

  const app = new Koa<State>();
  app.silent = true;
  app.use(requestScope(options.logger));
  app.use(problems);
  app.use(identityFromHeaders(options.sharedSecret));
  app.use(jsonBody);
  app.use(tenantRows(options.database));
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}
