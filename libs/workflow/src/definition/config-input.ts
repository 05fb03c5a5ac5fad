import { z } from 'zod';
import { describeValue, isJsonObject, type JsonObject } from '../json.ts';

/** A config: an object, or a JSON text that holds one, as in the seed's examples. */
export const configInputSchema = z.unknown().transform((value, context): JsonObject => {
  const found = typeof value === 'string' ? parseText(value) : { value, description: describeValue(value) };
  if (isJsonObject(found.value)) return found.value;
  context.issues.push({
    code: 'custom',
    input: value,
    message: `Expected an object or a JSON text holding an object, but got ${found.description}`,
    params: { code: 'invalid_config' },
  });
  return z.NEVER;
});

function parseText(text: string): { value: unknown; description: string } {
  try {
    const value: unknown = JSON.parse(text);
    return { value, description: `a JSON text holding ${describeValue(value)}` };
  } catch {
    return { value: undefined, description: 'a text that is not JSON' };
  }
}
