import { type Context, defaultOperators, type FilterImplOptions, Liquid, type Operators } from 'liquidjs';
import { parseMoment } from '../conditions/moment.ts';
import { limits } from './limits.ts';
import { MeteredOutput, type RenderBudget, textOf, workOf } from './render-budget.ts';
import { encodeUrlPart, escapeHtml } from './simple-output.ts';

/** How a template's values are written: as they are, escaped for HTML unless `| raw`, or percent-encoded as a part of a URL. */
export type Escape = 'none' | 'html' | 'url';

/** Tags that read files or other templates. */
const removedTags = ['include', 'render', 'layout', 'block'];
/** Randomness, and filters that run a value as an expression. */
const removedFilters = ['sample', 'where_exp', 'reject_exp', 'group_by_exp', 'has_exp', 'find_exp', 'find_index_exp'];
const dateFilters = ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string'];
/** A date in a named zone costs some hundred microseconds. */
const stepsOfDate = 20;

type FilterFunction = (this: { context: Context }, value: unknown, ...args: unknown[]) => unknown;

export const engines: Record<Escape, Liquid> = {
  none: createEngine({}),
  html: createEngine({ outputEscape: (value) => escapeHtml(textOf(value)) }),
  url: createEngine({ outputEscape: (value) => encodeUrlPart(textOf(value)) }, ['raw']),
};

function createEngine(options: { outputEscape?: (value: unknown) => string }, alsoRemoved: string[] = []): Liquid {
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    timezoneOffset: 0,
    locale: 'en-US',
    parseLimit: limits.templateLength,
    memoryLimit: limits.memory,
    templates: {},
    operators: meteredOperators(),
    ...options,
  });
  for (const tag of removedTags) delete engine.tags[tag];
  for (const filter of [...removedFilters, ...alsoRemoved]) delete engine.filters[filter];
  for (const name of dateFilters) engine.filters[name] = atFixedMoment(engine.filters[name] as FilterFunction) as FilterImplOptions;
  for (const [name, filter] of Object.entries(engine.filters)) engine.filters[name] = metered(filter);
  meterCaptures(engine);
  return engine;
}

/** The limiter of a render, which `createContext` makes. */
const budgetOf = (context: Context): RenderBudget => context.renderLimit as unknown as RenderBudget;

/** To liquidjs a chain of filters is one node, whatever its length and its data. */
function metered(filter: FilterImplOptions): FilterImplOptions {
  const { handler, raw } = typeof filter === 'function' ? { handler: filter, raw: false } : filter;
  return {
    raw,
    handler(...args) {
      const [value, ...others] = args;
      budgetOf(this.context).spend(1 + workOf(value, others));
      return handler.apply(this, args);
    },
  };
}

function meteredOperators(): Operators {
  const metered = ['contains', '==', '!='].map((name) => {
    const operator = defaultOperators[name] as (left: unknown, right: unknown, context: Context) => never;
    return [
      name,
      (left: unknown, right: unknown, context: Context) => {
        budgetOf(context).spend(workOf(left, [right]));
        return operator(left, right, context);
      },
    ] as const;
  });
  return { ...defaultOperators, ...Object.fromEntries(metered) };
}

/** What `capture` collects counts as memory; liquidjs itself lets it double without end. */
function meterCaptures({ renderer }: Liquid): void {
  const renderTemplates = renderer.renderTemplates;
  renderer.renderTemplates = function (templates, context, emitter) {
    return renderTemplates.call(this, templates, context, emitter ?? new MeteredOutput((length) => context.memoryLimit.use(length)));
  };
}

/** Dates never depend on the machine's clock or zone: `now` is the scope's, and a time without an offset is UTC. */
function atFixedMoment(filter: FilterFunction): FilterFunction {
  return function (value, ...args) {
    budgetOf(this.context).spend(stepsOfDate);
    const given = value === 'now' || value === 'today' ? this.context.getSync(['now']) : value;
    const moment = typeof given === 'string' ? readMoment(given.trim()) : given;
    return moment === undefined ? value : filter.call(this, moment, ...args);
  };
}

const withZone = /\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:(?:GMT|UTC)?[+-]\d{2}:?\d{2}|Z|UTC?|GMT|[ECMP][SD]T)$/i;

/** Undefined for a text that is no date. */
function readMoment(text: string): Date | number | undefined {
  if (text.length > 64) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const ms = parseMoment(text.replace(/^(\d{4}-\d{2}-\d{2}) (?=\d{2}:)/, '$1T')) ?? Date.parse(withZone.test(text) ? text : `${text} UTC`);
  return Number.isNaN(ms) ? undefined : new Date(ms);
}
