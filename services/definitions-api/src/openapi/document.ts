import { problemSchema } from '../problem.ts';
import type { Route } from '../route.ts';
import { describeConfigs } from './config-schemas.ts';
import { type JsonSchema, JsonSchemas } from './json-schemas.ts';
import { operationOf } from './operation.ts';
import { refusalComponents } from './refusals.ts';

export interface OpenApiDocument {
  openapi: '3.1.1';
  info: JsonSchema;
  servers: JsonSchema[];
  security: JsonSchema[];
  tags: JsonSchema[];
  paths: Record<string, Record<string, JsonSchema>>;
  components: Record<string, Record<string, JsonSchema>>;
}

const about = `Workflow automation for a CRM: tenants define workflows, events start instances of them.

Errors are RFC 9457 problems with a stable \`code\`; \`errors\` lists every fault of a request with its JSON path. A POST with an
\`Idempotency-Key\` is done once in 24 hours, and a repeat gets the same answer. \`RateLimit-…\` headers say what is left.`;

/** The API in OpenAPI 3.1, from the schemas that check its requests and that its answers are tested against. */
export function createOpenApi(routes: readonly Route[]): OpenApiDocument {
  const schemas = new JsonSchemas();
  schemas.convert(problemSchema, 'output');
  const paths: OpenApiDocument['paths'] = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operationOf(route, schemas) };
  }
  describeConfigs({ paths, schemas: schemas.components }, schemas);
  return {
    openapi: '3.1.1',
    info: { title: 'Millrace', version: '1', description: about },
    servers: [{ url: '/api/v1' }],
    security: [{ bearer: [] }, { tenant: [], user: [], role: [] }],
    tags: [...new Set(routes.map(({ path }) => path.split('/')[1]))].map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas.components,
      responses: refusalComponents(),
      parameters: parameterComponents,
      headers: headerComponents,
      securitySchemes,
    },
  };
}

const parameterComponents = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409.',
    schema: { type: 'string', pattern: '^[!-~]{0,255}$' },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The ETag of the version that is to be changed; 412 where it is no longer the current one.',
    schema: { type: 'string' },
  },
};

const headerComponents = {
  Location: { description: 'Where it is.', schema: { type: 'string' } },
  'Retry-After': { description: 'In how many seconds to try again.', schema: { type: 'integer' } },
  'WWW-Authenticate': { description: 'Which credentials are asked for.', schema: { type: 'string' } },
};

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'With AUTH_MODE=jwt a signed token, with api_key a key of `/api-keys`.' },
  tenant: { type: 'apiKey', in: 'header', name: 'X-Tenant-ID', description: 'With AUTH_MODE=headers, set by a trusted gateway.' },
  user: { type: 'apiKey', in: 'header', name: 'X-User-ID', description: 'With AUTH_MODE=headers: who it is. May be left out.' },
  role: {
    type: 'apiKey',
    in: 'header',
    name: 'X-User-Role',
    description: 'With AUTH_MODE=headers: viewer, editor, operator or admin; admin where it is left out.',
  },
};
