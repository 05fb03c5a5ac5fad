import type { z } from 'zod';

const standIns = new WeakMap<z.core.$ZodType, z.ZodType>();

/** Has `standIn` describe what `schema` takes, for a schema whose checks are a function. Answers the schema itself. */
export function documentedAs<S extends z.ZodType>(schema: S, standIn: z.ZodType): S {
  standIns.set(schema, standIn);
  return schema;
}

/** What describes a schema in its place; undefined where it speaks for itself. */
export function standInOf(schema: z.core.$ZodType): z.ZodType | undefined {
  return standIns.get(schema);
}
