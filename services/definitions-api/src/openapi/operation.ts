import type { z } from 'zod';
import { type PathParameter, pathParameters, type Route } from '../route.ts';
import { scopeOf } from '../scopes.ts';
import { examples } from './examples.ts';
import type { JsonSchema, JsonSchemas } from './json-schemas.ts';
import { operationIdOf } from './operation-id.ts';
import { refusalsOf } from './refusals.ts';

/** A route as an OpenAPI operation. */
export function operationOf(route: Route, schemas: JsonSchemas): JsonSchema {
  const operationId = operationIdOf(route);
  return {
    operationId,
    tags: [route.path.split('/')[1]],
    summary: route.summary,
    description: `Least role: ${route.role}. Scope of an API key: \`${scopeOf(route)}\`.`,
    parameters: [
      ...route.parameters.map((name) => pathParameter(name, schemas)),
      ...queryParameters(route.query, operationId, schemas),
      ...headerParameters(route),
    ],
    ...(route.body ? { requestBody: requestBody(route.body, operationId, schemas) } : {}),
    responses: { [route.status]: success(route, schemas), ...refusalsOf(route) },
  };
}

function pathParameter(name: PathParameter, schemas: JsonSchemas): JsonSchema {
  const isNumber = pathParameters[name].safeParse('1').data === 1;
  const schema = isNumber ? { type: 'integer', minimum: 1 } : schemas.convert(pathParameters[name], 'input');
  return { name, in: 'path', required: true, schema };
}

/** Described as what their texts mean: a whole number, not a text of digits. */
function queryParameters(query: z.ZodType | null, operationId: string, schemas: JsonSchemas): JsonSchema[] {
  if (query === null) return [];
  const given = schemas.convert(query, 'input');
  const meant = schemas.convert(query, 'output').properties as Record<string, JsonSchema>;
  const defaults = (query.safeParse({}).data ?? {}) as Record<string, unknown>;
  const required = new Set((given.required as string[] | undefined) ?? []);
  return Object.entries(given.properties as Record<string, JsonSchema>).map(([name, text]) => {
    const { default: _, ...schema } = Object.keys(meant[name] ?? {}).length > 0 ? (meant[name] ?? text) : text;
    const example = examples[operationId]?.query?.[name];
    return {
      name,
      in: 'query',
      required: required.has(name),
      schema: { ...schema, ...(isScalar(defaults[name]) ? { default: defaults[name] } : {}) },
      ...(example === undefined ? {} : { example }),
    };
  });
}

function headerParameters({ method, ifMatch }: Route): JsonSchema[] {
  return [
    ...(method === 'post' ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ...(ifMatch ? [{ $ref: '#/components/parameters/IfMatch' }] : []),
  ];
}

function requestBody(body: z.ZodType, operationId: string, schemas: JsonSchemas): JsonSchema {
  const example = examples[operationId]?.body;
  return {
    required: !body.safeParse(undefined).success,
    content: { 'application/json': { schema: schemas.convert(body, 'input'), ...(example === undefined ? {} : { example }) } },
  };
}

function success({ status, answer }: Route, schemas: JsonSchemas): JsonSchema {
  const descriptions: Record<number, string> = { 200: 'Done.', 201: 'Made.', 202: 'Accepted.', 204: 'Done; there is nothing to say.' };
  return {
    description: descriptions[status],
    ...(status === 201 ? { headers: { Location: { $ref: '#/components/headers/Location' } } } : {}),
    ...(answer ? { content: { 'application/json': { schema: schemas.convert(answer, 'output') } } } : {}),
  };
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
