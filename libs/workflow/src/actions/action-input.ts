import { formatPath } from '../fault.ts';
import type { Json, JsonObject } from '../json.ts';
import { compileConfig } from '../templates/config-template.ts';
import type { TemplateScope } from '../templates/scope.ts';

export interface AddressKeys {
  anyOf: readonly string[];
  others?: readonly string[];
}

export type RenderedInput =
  | { kind: 'rendered'; value: JsonObject }
  | { kind: 'skipped'; reason: 'no_address' }
  | { kind: 'failed'; code: 'template_missing' | 'template_failed'; message: string };

/** Renders a config and decides about missing values: a missing address is left out, anything else missing fails. */
export function createInputRenderer(
  config: JsonObject,
  addresses: AddressKeys,
  secretKeys: readonly string[] = [],
): (scope: TemplateScope) => RenderedInput {
  const render = compileConfig(config, { secretKeys });
  const keys = new Set([...addresses.anyOf, ...(addresses.others ?? [])]);
  return (scope) => {
    const result = render(scope);
    if (result.kind === 'failed') return { kind: 'failed', code: result.code, message: `${formatPath(result.path)}: ${result.message}` };
    const missing = result.missing.filter(({ path }) => !keys.has(String(path[0])));
    if (missing.length > 0) {
      const places = missing.map(
        ({ path, expression }) => `${formatPath(path)}: Expected a value for {{ ${expression} }}, but it is missing`,
      );
      return { kind: 'failed', code: 'template_missing', message: places.join('; ') };
    }
    if (keys.size === 0 || result.value === config) return { kind: 'rendered', value: result.value };
    const value = withoutEmpty(result.value, keys);
    if (addresses.anyOf.length > 0 && !addresses.anyOf.some((key) => Object.hasOwn(value, key)))
      return { kind: 'skipped', reason: 'no_address' };
    return { kind: 'rendered', value };
  };
}

function withoutEmpty(config: JsonObject, keys: ReadonlySet<string>): JsonObject {
  const entries = Object.entries(config).flatMap(([key, value]): [string, Json][] => {
    if (!keys.has(key)) return [[key, value]];
    const kept = Array.isArray(value) ? value.filter((item) => !isEmpty(item)) : value;
    return isEmpty(kept) ? [] : [[key, kept]];
  });
  return Object.fromEntries(entries);
}

function isEmpty(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === null || (typeof value === 'string' && value.trim() === '');
}
