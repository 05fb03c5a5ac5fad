import { Router } from '@koa/router';
import type { Database } from '@millrace/db';
import type { Codec } from '@millrace/messages';
import type { Logger } from '@millrace/runtime';
import Koa from 'koa';
import type { CommandSender } from './command-sender.ts';
import { identityFromHeaders } from './middleware/identity.ts';
import { jsonBody } from './middleware/json-body.ts';
import { problems } from './middleware/problems.ts';
import { requestScope } from './middleware/request-scope.ts';
import { tenantRows } from './middleware/tenant-rows.ts';
import { instanceRoutes } from './routes/instances.ts';
import { scheduledTaskRoutes } from './routes/scheduled-tasks.ts';
import { workflowTriggerRoutes } from './routes/workflow-trigger.ts';
import { workflowRoutes } from './routes/workflows.ts';
import type { State } from './state.ts';

export interface AppOptions {
  database: Database;
  codec: Codec;
  sender: CommandSender;
  logger: Logger;
  /** Called after a change of a definition has committed. */
  onDefinitionChanged: () => void;
  /** ms since the epoch. */
  now: () => number;
  /** What requests must carry as X-Gateway-Secret, where set. */
  sharedSecret?: string | undefined;
}

/** The REST API as a Koa application. */
export function createApp(options: AppOptions): Koa<State> {
  const router = new Router<State>();
  workflowRoutes(router, options);
  workflowTriggerRoutes(router, options);
  instanceRoutes(router, options);
  scheduledTaskRoutes(router, options);

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
