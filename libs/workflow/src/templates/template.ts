import { Context, type Template as LiquidNode, Output, toValueSync } from 'liquidjs';
import type { Json } from '../json.ts';
import { type Escape, engines, limits } from './engine.ts';
import type { TemplateScope } from './scope.ts';
import { BoundedOutput, StepLimit } from './step-limit.ts';

/** A value, or the expression of a lone template whose value is missing. */
export type TemplateResult = { kind: 'value'; value: Json } | { kind: 'missing'; expression: string };

export interface Template {
  /** Throws a `TemplateError` when a limit is passed or a filter refuses its input; pure otherwise. */
  render(scope: TemplateScope): TemplateResult;
}

export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly code: 'template_invalid' | 'template_failed';

  constructor(code: 'template_invalid' | 'template_failed', cause: unknown) {
    super(cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause), { cause });
    this.code = code;
  }
}

/** Whether a text has anything to render. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/** Parses a text; throws a `TemplateError` `template_invalid` that says what is wrong and where. */
export function parseTemplate(text: string, escaping: Escape = 'none'): Template {
  if (!isTemplate(text)) return { render: () => ({ kind: 'value', value: text }) };
  const nodes = parseNodes(text, escaping);
  const [first] = nodes;
  const isLone = nodes.length === 1 && first instanceof Output && text.startsWith('{{') && text.endsWith('}}');
  return { render: isLone ? (scope) => renderLone(first, text, escaping, scope) : (scope) => renderText(nodes, escaping, scope) };
}

function parseNodes(text: string, escaping: Escape): LiquidNode[] {
  try {
    return engines[escaping].parse(text);
  } catch (error) {
    throw new TemplateError('template_invalid', error);
  }
}

function renderText(nodes: LiquidNode[], escaping: Escape, scope: TemplateScope): TemplateResult {
  try {
    const output = new BoundedOutput(limits.outputLength);
    toValueSync(engines[escaping].renderer.renderTemplates(nodes, createContext(escaping, scope), output) as never);
    return { kind: 'value', value: output.buffer };
  } catch (error) {
    throw new TemplateError('template_failed', error);
  }
}

function renderLone(node: Output, text: string, escaping: Escape, scope: TemplateScope): TemplateResult {
  try {
    const context = createContext(escaping, scope);
    const { initial, filters } = node.value;
    const hasDefault = filters.some((filter) => filter.name === 'default');
    if (!hasDefault && toValueSync(initial.evaluate(context, false) as never) === undefined)
      return { kind: 'missing', expression: expressionOf(text) };
    const value: unknown = toValueSync(node.value.value(context, false) as never);
    return value === undefined ? { kind: 'missing', expression: expressionOf(text) } : { kind: 'value', value: toJson(value) };
  } catch (error) {
    throw new TemplateError('template_failed', error);
  }
}

function createContext(escaping: Escape, { reserved, data }: TemplateScope): Context {
  const engine = engines[escaping];
  const renderLimit = new StepLimit(limits.steps);
  return new Context(reserved, engine.options, { sync: true, globals: data }, {
    renderLimit: renderLimit as never,
    liquid: engine,
  } as never);
}

function expressionOf(text: string): string {
  return text.replace(/^\{\{-?\s*/, '').replace(/\s*-?\}\}$/, '');
}

/** Liquid's own objects (nil, empty) become what they stand for; the rest is JSON already. */
function toJson(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object') return String(value);
  const primitive: unknown = value.valueOf();
  if (primitive !== value) return toJson(primitive);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
}
