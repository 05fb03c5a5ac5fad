import { examples } from '../src/openapi/examples.ts';
import { operationIdOf } from '../src/openapi/operation-id.ts';
import type { Route } from '../src/route.ts';
import { routes } from '../src/routes.ts';
import { type OwnedThings, pathOf } from './owned-things.ts';

export interface ExampleRequest {
  route: Route;
  /** `get /workflows/:workflowId`. */
  name: string;
  method: string;
  path: string;
  body: unknown;
}

/** The example of every route, of these things; what deletes comes last. */
export function exampleRequests(things: OwnedThings): ExampleRequest[] {
  return routes
    .map((route) => ({
      route,
      name: `${route.method} ${route.path}`,
      method: route.method.toUpperCase(),
      path: pathOf(route.path, things),
      body: bodyOf(examples[operationIdOf(route)]?.body, things.workflowId),
    }))
    .toSorted((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'));
}

/** The examples speak of the workflow 1. */
function bodyOf(body: unknown, workflowId: string): unknown {
  const id = Number.isInteger(Number(workflowId)) ? Number(workflowId) : 1;
  return body === undefined ? undefined : JSON.parse(JSON.stringify(body).replaceAll('"workflow_id":1}', `"workflow_id":${id}}`));
}

/** Things that nobody has. */
export const missingThings: OwnedThings = {
  workflowId: '999999',
  triggerId: '999999',
  actionId: '999999',
  version: '999999',
  instanceId: 'f'.repeat(32),
  taskId: '999999',
  templateId: '999999',
  secretName: 'nobody_has_it',
  keyId: '999999',
  entryId: '999999',
};
