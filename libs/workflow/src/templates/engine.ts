import { type Context, Liquid } from 'liquidjs';
import { parseMoment } from '../conditions/moment.ts';
import { encodeUrlPart } from './simple-output.ts';
import { textOf } from './step-limit.ts';

/** How a template's values are written: as they are, escaped for HTML unless `| raw`, or percent-encoded as a part of a URL. */
export type Escape = 'none' | 'html' | 'url';

export const limits = { templateLength: 64 * 1_024, steps: 20_000, memory: 2_000_000, outputLength: 256 * 1_024 };

/** Tags that read files or other templates. */
const removedTags = ['include', 'render', 'layout', 'block'];
/** Randomness, and filters that run a value as an expression. */
const removedFilters = ['sample', 'where_exp', 'reject_exp', 'group_by_exp', 'has_exp', 'find_exp', 'find_index_exp'];
const dateFilters = ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string'];

type FilterFunction = (this: { context: Context }, value: unknown, ...args: unknown[]) => unknown;

function createEngine(escaping: Escape): Liquid {
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    timezoneOffset: 0,
    locale: 'en-US',
    parseLimit: limits.templateLength,
    memoryLimit: limits.memory,
    templates: {},
    ...(escaping === 'none'
      ? {}
      : { outputEscape: escaping === 'html' ? ('escape' as const) : (value: unknown) => encodeUrlPart(textOf(value)) }),
  });
  for (const tag of removedTags) delete engine.tags[tag];
  for (const filter of removedFilters) delete engine.filters[filter];
  for (const name of dateFilters) {
    const original = engine.filters[name] as FilterFunction;
    engine.registerFilter(name, function (this: { context: Context }, value: unknown, ...args: unknown[]) {
      return original.call(this, fixedMoment(value, this.context), ...args);
    });
  }
  return engine;
}

/** Dates never depend on the machine's clock or zone: `now` is the scope's, and a time without an offset is UTC. */
function fixedMoment(value: unknown, context: Context): unknown {
  if (value === 'now' || value === 'today') {
    const now = context.getSync(['now']);
    return typeof now === 'string' ? fixedMoment(now, context) : now;
  }
  if (typeof value !== 'string') return value;
  const ms = parseMoment(value.trim().replace(/^(\d{4}-\d{2}-\d{2}) (?=\d{2}:)/, '$1T'));
  return ms === undefined ? value : new Date(ms);
}

export const engines: Record<Escape, Liquid> = { none: createEngine('none'), html: createEngine('html'), url: createEngine('url') };
