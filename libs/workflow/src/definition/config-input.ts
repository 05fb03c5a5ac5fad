import { z } from 'zod';
import { describeValue, isDeeperThan, isJsonObject, isWellFormed, type JsonObject } from '../json.ts';

/** Room for actions nested in actions, with conditions; far from what overflows the stack. */
const deepestConfig = 100;

/** A config: an object, or a JSON text that holds one, as in the seed's examples. */
export const configInputSchema = z.unknown().transform((value, context): JsonObject => {
  const found = typeof value === 'string' ? parseText(value) : { value, description: describeValue(value) };
  const refuse = (code: string, message: string): never => {
    context.issues.push({ code: 'custom', input: value, message, params: { code } });
    return z.NEVER;
  };
  if (!isJsonObject(found.value)) {
    return refuse('invalid_config', `Expected an object or a JSON text holding an object, but got ${found.description}`);
  }
  if (isDeeperThan(found.value, deepestConfig)) {
    return refuse('too_deep', `Expected a config at most ${deepestConfig} levels deep, but it goes deeper`);
  }
  if (!isWellFormed(found.value)) {
    return refuse('invalid_text', 'Expected texts of whole characters, but one has half of a surrogate pair');
  }
  return found.value;
});

/** Whether a config could be read; where not, its fault is reported already and there is nothing more to check. */
export function isRead(config: JsonObject): boolean {
  return config !== (z.NEVER as JsonObject);
}

function parseText(text: string): { value: unknown; description: string } {
  try {
    const value: unknown = JSON.parse(text);
    return { value, description: `a JSON text holding ${describeValue(value)}` };
  } catch {
    return { value: undefined, description: 'a text that is not JSON' };
  }
}
