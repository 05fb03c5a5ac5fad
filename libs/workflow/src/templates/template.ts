import { Drop, type Template as LiquidNode, Output, toValueSync } from 'liquidjs';
import type { Json } from '../json.ts';
import { type Escape, engines } from './engine.ts';
import { weightOf } from './markup.ts';
import { MeteredOutput, RenderBudget, textOf } from './render-budget.ts';
import { createContext } from './render-context.ts';
import type { TemplateScope } from './scope.ts';
import { SecretOutput, withSecrets } from './secret-reference.ts';
import { createSimpleOutput, encodeUrlPart, escapeHtml, needsLiquid, type SimpleOutput } from './simple-output.ts';

/** A value, or the expression of a lone template whose value is missing. */
export type TemplateResult = { kind: 'value'; value: Json } | { kind: 'missing'; expression: string };

export interface Template {
  /** Throws a `TemplateError` when the budget is spent or a filter refuses its input; pure otherwise. */
  render(scope: TemplateScope, budget?: RenderBudget): TemplateResult;
  /** Names of the secrets that it writes, in their order. */
  secrets: readonly string[];
}

export interface TemplateParts {
  escaping?: Escape | undefined;
  /** Whether `{{ secrets.name }}` stands for a secret; elsewhere it is a value that is missing. */
  holdsSecrets?: boolean;
}

export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly code: 'template_invalid' | 'template_failed';

  constructor(code: 'template_invalid' | 'template_failed', cause: unknown) {
    super(reasonOf(cause), { cause });
    this.code = code;
  }
}

function reasonOf(cause: unknown): string {
  const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return reason.replace(/^Maximum call stack size exceeded/, 'it is nested too deep');
}

/** Whether a text has anything to render. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/** Parses a text; throws a `TemplateError` `template_invalid` that says what is wrong and where. */
export function parseTemplate(text: string, { escaping = 'none', holdsSecrets = false }: TemplateParts = {}): Template {
  if (!isTemplate(text)) return { render: () => ({ kind: 'value', value: text }), secrets: [] };
  const { nodes: parsed, weight } = parseNodes(text, escaping);
  const nodes = holdsSecrets ? withSecrets(parsed) : parsed;
  const [first] = nodes;
  const isLone = nodes.length === 1 && first instanceof Output && text.startsWith('{{') && text.endsWith('}}');
  return {
    render: metered(isLone ? createLoneRender(first, text, escaping) : createTextRender(nodes, escaping), weight),
    secrets: nodes.flatMap((node) => (node instanceof SecretOutput ? [node.secretName] : [])),
  };
}

function parseNodes(text: string, escaping: Escape): { nodes: LiquidNode[]; weight: number } {
  try {
    return { nodes: engines[escaping].parse(text), weight: weightOf(text) };
  } catch (error) {
    throw new TemplateError('template_invalid', error);
  }
}

type Render = (scope: TemplateScope, budget: RenderBudget) => TemplateResult;

/** Everything that a render throws is the template's failure; whatever it made is paid for. */
function metered(render: Render, weight: number): Template['render'] {
  return (scope, budget = new RenderBudget()) => {
    budget.begin(weight);
    try {
      return render(scope, budget);
    } catch (error) {
      throw new TemplateError('template_failed', error);
    }
  };
}

function createTextRender(nodes: LiquidNode[], escaping: Escape): Render {
  const parts = nodes.map(simplePart);
  const slow: Render = (scope, budget) => renderText(nodes, escaping, scope, budget);
  if (parts.some((part) => part === null)) return slow;
  return (scope, budget) => {
    let text = '';
    for (const part of parts as (string | SimpleOutput)[]) {
      const value = typeof part === 'string' ? part : part.read(scope);
      if (value === needsLiquid) return slow(scope, budget);
      text += typeof part === 'string' ? part : escapeText(textOf(value), escaping);
    }
    budget.spendOutput(text.length);
    return { kind: 'value', value: text };
  };
}

function escapeText(text: string, escaping: Escape): string {
  if (escaping === 'none') return text;
  return escaping === 'html' ? escapeHtml(text) : encodeUrlPart(text);
}

/** A fixed text, an output that is only read, or null where it takes liquid. */
function simplePart(node: LiquidNode): string | SimpleOutput | null {
  if (node instanceof SecretOutput) return node;
  if (node instanceof Output) return createSimpleOutput(node);
  return 'str' in node && typeof node.str === 'string' ? node.str : null;
}

function createLoneRender(node: Output, text: string, escaping: Escape): Render {
  const expression = text.replace(/^\{\{-?\s*/, '').replace(/\s*-?\}\}$/, '');
  const missing: TemplateResult = { kind: 'missing', expression };
  const simple = escaping === 'none' ? createSimpleOutput(node) : null;
  const slow: Render = (scope, budget) => {
    const value = evaluateLone(node, escaping, scope, budget);
    return value === undefined ? missing : typed(toJson(value), budget);
  };
  if (!simple) return slow;
  return (scope, budget) => {
    const value = simple.read(scope);
    if (value === needsLiquid) return slow(scope, budget);
    return value === undefined ? missing : typed(value, budget);
  };
}

function typed(value: Json, budget: RenderBudget): TemplateResult {
  if (typeof value === 'string') budget.spendOutput(value.length);
  else if (typeof value === 'object') budget.spendOutput(JSON.stringify(value).length);
  return { kind: 'value', value };
}

function renderText(nodes: LiquidNode[], escaping: Escape, scope: TemplateScope, budget: RenderBudget): TemplateResult {
  const output = new MeteredOutput((length) => budget.spendOutput(length));
  toValueSync(engines[escaping].renderer.renderTemplates(nodes, createContext(engines[escaping], scope, budget), output) as never);
  return { kind: 'value', value: output.buffer };
}

/** Undefined where the value is missing and no `default` stands in for it, whatever filters would make of nothing. */
function evaluateLone(
  { value: { initial, filters }, value }: Output,
  escaping: Escape,
  scope: TemplateScope,
  budget: RenderBudget,
): unknown {
  const context = createContext(engines[escaping], scope, budget);
  const hasDefault = filters.some((filter) => filter.name === 'default');
  if (!hasDefault && toValueSync(initial.evaluate(context, false) as never) === undefined) return undefined;
  return toValueSync(value.value(context, false) as never);
}

/** Liquid's own objects (nil, empty) become what they stand for; the rest is JSON already. */
function toJson(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object') return String(value);
  const meant: unknown = value instanceof Drop ? value.valueOf() : value;
  if (meant !== value) return toJson(meant);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
}
