import type { FaultPath, LocalFault } from '../fault.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { Escape } from './engine.ts';
import { RenderBudget } from './render-budget.ts';
import type { TemplateScope } from './scope.ts';
import { secretFault } from './secret-reference.ts';
import { isTemplate, parseTemplate, type Template, TemplateError, type TemplateParts } from './template.ts';

/** A place whose lone expression had no value. */
export interface MissingValue {
  path: (string | number)[];
  expression: string;
}

/** `missing` lists the places whose value is missing (absent from `value`); a failed render names its place. */
export type RenderResult =
  | { kind: 'rendered'; value: JsonObject; missing: MissingValue[] }
  | { kind: 'failed'; code: 'template_failed'; path: (string | number)[]; message: string };

export type CompiledConfig = (scope: TemplateScope) => RenderResult;

export interface TemplateOptions {
  /** Keys whose values are escaped for HTML, wherever they stand. Default: `html`. */
  htmlKeys?: readonly string[];
  /** Keys whose values are percent-encoded as parts of a URL. Default: `url`. */
  urlKeys?: readonly string[];
  /** Keys in whose values `{{ secrets.name }}` may stand. Default: none. */
  secretKeys?: readonly string[];
}

/** A secret that a config names, and where. */
export interface SecretReference {
  path: FaultPath;
  name: string;
}

type Path = (string | number)[];
type Render = (scope: TemplateScope, missing: MissingValue[], budget: RenderBudget) => Json | undefined;

/** Parses every template of a config once; all of them share one budget. A config without any renders to itself, the same object. Throws where `checkTemplates` has faults. */
export function compileConfig(config: JsonObject, options: TemplateOptions = {}): CompiledConfig {
  const render = compileValue(config, [], options);
  if (!render) return () => ({ kind: 'rendered', value: config, missing: [] });
  return (scope) => {
    const missing: MissingValue[] = [];
    try {
      return { kind: 'rendered', value: render(scope, missing, new RenderBudget()) as JsonObject, missing };
    } catch (error) {
      if (!(error instanceof PlacedError)) throw error;
      return { kind: 'failed', code: 'template_failed', path: error.path, message: error.message };
    }
  };
}

/** Parses every template of a config and answers what is wrong, with paths. */
export function checkTemplates(config: Json, options: TemplateOptions = {}, path: Path = []): LocalFault[] {
  if (Array.isArray(config)) return config.flatMap((item, index) => checkTemplates(item, options, [...path, index]));
  if (isJsonObject(config)) return Object.entries(config).flatMap(([key, item]) => checkTemplates(item, options, [...path, key]));
  if (typeof config !== 'string' || !isTemplate(config)) return [];
  try {
    const parts = partsAt(path, options);
    const { secrets } = parseTemplate(config, parts);
    const fault = secretFault(config, path, parts.holdsSecrets === true ? secrets.length : null);
    return fault === null ? [] : [fault];
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return [{ path, code: error.code, message: `Expected a valid template, but ${error.message}` }];
  }
}

/** Every secret that a config names in the places for it. Throws where `checkTemplates` has faults. */
export function secretsOf(config: Json, options: TemplateOptions, path: Path = []): SecretReference[] {
  if (Array.isArray(config)) return config.flatMap((item, index) => secretsOf(item, options, [...path, index]));
  if (isJsonObject(config)) return Object.entries(config).flatMap(([key, item]) => secretsOf(item, options, [...path, key]));
  if (typeof config !== 'string' || !config.includes('secrets')) return [];
  return parseTemplate(config, partsAt(path, options)).secrets.map((name) => ({ path, name }));
}

class PlacedError extends Error {
  readonly path: Path;

  constructor(path: Path, cause: Error) {
    super(cause.message.startsWith('Expected ') ? cause.message : `Expected a template that renders, but ${cause.message}`, { cause });
    this.path = path;
  }
}

/** Undefined where there is nothing to render. */
function compileValue(value: Json, path: Path, options: TemplateOptions): Render | undefined {
  if (typeof value === 'string') return isTemplate(value) ? compileText(parseTemplate(value, partsAt(path, options)), path) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const entries: [string | number, Json][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  const renders = entries.map(([key, item]) => [key, item, compileValue(item, [...path, key], options)] as const);
  if (renders.every(([, , render]) => !render)) return undefined;
  const isList = Array.isArray(value);
  return (scope, missing, budget) => {
    const items: [string | number, Json][] = [];
    for (const [key, item, render] of renders) {
      const rendered = render ? render(scope, missing, budget) : item;
      if (rendered !== undefined) items.push([key, rendered]);
    }
    return isList ? items.map(([, item]) => item) : Object.fromEntries(items);
  };
}

function compileText(template: Template, path: Path): Render {
  return (scope, missing, budget) => {
    try {
      const result = template.render(scope, budget);
      if (result.kind === 'value') return result.value;
      missing.push({ path, expression: result.expression });
      return undefined;
    } catch (error) {
      if (error instanceof TemplateError) throw new PlacedError(path, error);
      throw error;
    }
  };
}

function partsAt(path: Path, options: TemplateOptions): TemplateParts {
  return { escaping: escapeAt(path, options), holdsSecrets: options.secretKeys?.includes(String(path[0])) ?? false };
}

function escapeAt(path: Path, { htmlKeys = ['html'], urlKeys = ['url'] }: TemplateOptions): Escape {
  if (path.some((key) => typeof key === 'string' && htmlKeys.includes(key))) return 'html';
  return typeof path[0] === 'string' && urlKeys.includes(path[0]) ? 'url' : 'none';
}
