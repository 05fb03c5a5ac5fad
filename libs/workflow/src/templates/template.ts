import { Context, type Template as LiquidNode, Output, toValueSync } from 'liquidjs';
import type { Json } from '../json.ts';
import { type Escape, engines, limits } from './engine.ts';
import type { TemplateScope } from './scope.ts';
import { createSimpleOutput, encodeUrlPart, escapeHtml, needsLiquid, type SimpleOutput } from './simple-output.ts';
import { BoundedOutput, StepLimit, textOf } from './step-limit.ts';

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
  return { render: isLone ? createLoneRender(first, text, escaping) : createTextRender(nodes, escaping) };
}

function parseNodes(text: string, escaping: Escape): LiquidNode[] {
  try {
    return engines[escaping].parse(text);
  } catch (error) {
    throw new TemplateError('template_invalid', error);
  }
}

type Render = Template['render'];

function createTextRender(nodes: LiquidNode[], escaping: Escape): Render {
  const parts = nodes.map(simplePart);
  const slow: Render = (scope) => rendering(() => renderText(nodes, escaping, scope));
  if (parts.some((part) => part === null)) return slow;
  return (scope) => {
    let text = '';
    for (const part of parts as (string | SimpleOutput)[]) {
      const value = typeof part === 'string' ? part : part.read(scope);
      if (value === needsLiquid) return slow(scope);
      text += typeof part === 'string' ? part : escapeText(textOf(value), escaping);
    }
    return text.length > limits.outputLength ? slow(scope) : { kind: 'value', value: text };
  };
}

function escapeText(text: string, escaping: Escape): string {
  if (escaping === 'none') return text;
  return escaping === 'html' ? escapeHtml(text) : encodeUrlPart(text);
}

/** A fixed text, an output that is only read, or null where it takes liquid. */
function simplePart(node: LiquidNode): string | SimpleOutput | null {
  if (node instanceof Output) return createSimpleOutput(node);
  return 'str' in node && typeof node.str === 'string' ? node.str : null;
}

function createLoneRender(node: Output, text: string, escaping: Escape): Render {
  const expression = text.replace(/^\{\{-?\s*/, '').replace(/\s*-?\}\}$/, '');
  const missing: TemplateResult = { kind: 'missing', expression };
  const simple = escaping === 'none' ? createSimpleOutput(node) : null;
  const slow: Render = (scope) =>
    rendering(() => {
      const value = evaluateLone(node, escaping, scope);
      return value === undefined ? missing : { kind: 'value', value: toJson(value) };
    });
  if (!simple) return slow;
  return (scope) => {
    const value = simple.read(scope);
    if (value === needsLiquid) return slow(scope);
    return value === undefined ? missing : { kind: 'value', value };
  };
}

function rendering(render: () => TemplateResult): TemplateResult {
  try {
    return render();
  } catch (error) {
    throw new TemplateError('template_failed', error);
  }
}

function renderText(nodes: LiquidNode[], escaping: Escape, scope: TemplateScope): TemplateResult {
  const output = new BoundedOutput(limits.outputLength);
  toValueSync(engines[escaping].renderer.renderTemplates(nodes, createContext(escaping, scope), output) as never);
  return { kind: 'value', value: output.buffer };
}

/** Undefined where the value is missing and no `default` stands in for it, whatever filters would make of nothing. */
function evaluateLone({ value: { initial, filters }, value }: Output, escaping: Escape, scope: TemplateScope): unknown {
  const context = createContext(escaping, scope);
  const hasDefault = filters.some((filter) => filter.name === 'default');
  if (!hasDefault && toValueSync(initial.evaluate(context, false) as never) === undefined) return undefined;
  return toValueSync(value.value(context, false) as never);
}

function createContext(escaping: Escape, { reserved, data }: TemplateScope): Context {
  const engine = engines[escaping];
  const renderLimit = new StepLimit(limits.steps);
  return new Context(reserved, engine.options, { sync: true, globals: data }, {
    renderLimit: renderLimit as never,
    liquid: engine,
  } as never);
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
