import { type ActionDefinition, actionTypes, scheduledTaskTypes, triggerConfigSchemas } from '@millrace/workflow';
import type { z } from 'zod';
import type { JsonSchema, JsonSchemas } from './json-schemas.ts';

const jsonText = { type: 'string', contentMediaType: 'application/json', description: 'The same as a JSON text.' };

/**
 * Configs depend on a type beside them, which their checks look up. Here each type's config becomes a component, and wherever a type
 * and its config stand side by side in `document` they are described by what the types define. Conditions likewise.
 */
export function describeConfigs(document: JsonSchema, schemas: JsonSchemas): void {
  schemas.add('ActionConfig', { anyOf: [...Object.values(actionTypes).map((type) => describeAction(type, schemas)), jsonText] });
  schemas.add('TriggerConfig', {
    anyOf: [...Object.entries(triggerConfigSchemas).map(([type, schema]) => named(`${pascal(type)}Config`, schema, schemas)), jsonText],
  });
  const pairs: [type: string, config: string, types: string[], reference: string | null][] = [
    ['action_type', 'action_config', Object.keys(actionTypes), 'ActionConfig'],
    ['trigger_type', 'trigger_config', Object.keys(triggerConfigSchemas), 'TriggerConfig'],
    ['type', 'config', [...scheduledTaskTypes], null],
  ];
  walk(document, (properties) => {
    for (const [type, config, types, reference] of pairs) {
      if (!isOpaque(properties[config])) continue;
      properties[type] = { type: 'string', enum: types };
      properties[config] = {
        ...properties[config],
        ...(reference ? { $ref: `#/components/schemas/${reference}` } : { anyOf: [{ type: 'object' }, jsonText] }),
      };
    }
    if (isOpaque(properties.conditions)) {
      properties.conditions = { anyOf: [{ $ref: '#/components/schemas/Conditions' }, { type: 'null' }] };
    }
  });
}

function describeAction(definition: ActionDefinition<unknown>, schemas: JsonSchemas): JsonSchema {
  const { summary, fields, example } = definition.documentation;
  const actions = { type: 'array', items: { $ref: '#/components/schemas/ActionRequest' } };
  let schema: JsonSchema = { ...schemas.convert(definition.savedSchema, 'input'), description: summary, examples: [example] };
  for (const arm of definition.arms(example)) schema = withSchemaAt(schema, arm.path, actions);
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  schema.properties = Object.fromEntries(
    Object.entries(properties).map(([key, property]) => [key, { ...property, ...(fields[key] ? { description: fields[key] } : {}) }]),
  );
  schema.required = ((schema.required ?? []) as string[]).filter((key) => isRequired(definition, key));
  const name = `${pascal(definition.type)}Config`;
  schemas.add(name, schema);
  return { $ref: `#/components/schemas/${name}` };
}

/** Some keys have a default that no schema knows, such as the lead that the event is about. */
function isRequired({ documentation: { example }, checkConfig }: ActionDefinition<unknown>, key: string): boolean {
  const { [key]: _, ...rest } = example;
  return checkConfig(rest).length > 0;
}

function named(name: string, schema: z.ZodType, schemas: JsonSchemas): JsonSchema {
  schemas.add(name, schemas.convert(schema, 'input'));
  return { $ref: `#/components/schemas/${name}` };
}

/** The schema with another one for what lies at a path of its values: a name is a property, a number an item. */
function withSchemaAt(schema: JsonSchema, [first, ...rest]: readonly (string | number)[], value: JsonSchema): JsonSchema {
  if (first === undefined) return value;
  if (typeof first === 'number') return { ...schema, items: withSchemaAt((schema.items ?? {}) as JsonSchema, rest, value) };
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  return { ...schema, properties: { ...properties, [first]: withSchemaAt(properties[first] ?? {}, rest, value) } };
}

/** What says nothing about its value. */
function isOpaque(schema: JsonSchema | undefined): boolean {
  return schema !== undefined && Object.keys(schema).every((key) => key === 'default');
}

function walk(value: unknown, visit: (properties: Record<string, JsonSchema>) => void): void {
  if (typeof value !== 'object' || value === null) return;
  const { properties } = value as JsonSchema;
  if (typeof properties === 'object' && properties !== null) visit(properties as Record<string, JsonSchema>);
  for (const child of Object.values(value)) walk(child, visit);
}

function pascal(type: string): string {
  return type.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}
