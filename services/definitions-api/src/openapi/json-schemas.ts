import { z } from 'zod';
import { standInOf } from '../documented-as.ts';
import { schemaNames } from './schema-names.ts';

export type JsonSchema = Record<string, unknown>;

/** Collects the schemas of a document: each named one stands once, under `components/schemas`. */
export class JsonSchemas {
  readonly components: Record<string, JsonSchema> = {};

  /** The JSON Schema of what a request may bring (`input`) or an answer holds (`output`), with references to components. */
  convert(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const { properties, $defs = {} } = z.toJSONSchema(z.object({ it: schema }), {
      io,
      unrepresentable: 'any',
      metadata: schemaNames,
      override: ({ zodSchema, jsonSchema }) => {
        const standIn = standInOf(zodSchema);
        if (standIn) replaceContent(jsonSchema, this.convert(standIn, io));
        // The pattern of a date that zod adds is 400 characters long and says what `format` says.
        if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
        // Python's and Go's expressions don't know the property.
        if (jsonSchema.pattern) jsonSchema.pattern = jsonSchema.pattern.replaceAll('\\p{Cc}', '\\u0000-\\u001f\\u007f-\\u009f');
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
        delete jsonSchema.id;
      },
    }) as unknown as { properties: { it: JsonSchema }; $defs?: Record<string, JsonSchema> };
    const anyJson = new Set(Object.entries($defs).flatMap(([name, definition]) => (isAnyJson(definition) ? [name] : [])));
    const names = new Map(Object.keys($defs).map((name) => [name, name.startsWith('__schema') ? this.#nameFor($defs[name] ?? {}) : name]));
    const refer = (name: string): JsonSchema => (anyJson.has(name) ? {} : { $ref: `#/components/schemas/${names.get(name)}` });
    for (const [name, definition] of Object.entries($defs)) {
      if (!anyJson.has(name)) this.add(names.get(name) ?? name, rewrite(definition, refer));
    }
    return rewrite(properties.it, refer);
  }

  /** Puts a schema under a name. Throws where the name stands for another one. */
  add(name: string, schema: JsonSchema): void {
    const known = this.components[name];
    if (known && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new TypeError(`Expected one schema named ${name}, but there are two`);
    }
    this.components[name] = schema;
  }

  /** Recursive schemas need a name even where nobody gave one. */
  #nameFor(definition: JsonSchema): string {
    const text = JSON.stringify(definition);
    const known = this.#parts.get(text) ?? `Part${this.#parts.size + 1}`;
    this.#parts.set(text, known);
    return known;
  }

  readonly #parts = new Map<string, string>();
}

/** What `z.json()` becomes: a union of everything that JSON has. `{}` says the same. */
function isAnyJson({ anyOf }: JsonSchema): boolean {
  const types = Array.isArray(anyOf) ? anyOf.map((branch: JsonSchema) => branch.type) : [];
  return ['string', 'number', 'boolean', 'null', 'array', 'object'].every((type) => types.includes(type)) && types.length === 6;
}

function replaceContent(target: object, content: JsonSchema): void {
  for (const key of Object.keys(target)) delete (target as JsonSchema)[key];
  Object.assign(target, content);
}

function rewrite<T>(value: T, refer: (name: string) => JsonSchema): T {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, refer)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const { $ref } = value as { $ref?: unknown };
  if (typeof $ref === 'string' && $ref.startsWith('#/$defs/')) return refer($ref.slice('#/$defs/'.length)) as T;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '$schema')
      .map(([key, child]) => [key, rewrite(child, refer)]),
  ) as T;
}
