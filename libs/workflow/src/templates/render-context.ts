import { Context, Drop, type Liquid } from 'liquidjs';
import type { RenderBudget } from './render-budget.ts';
import type { TemplateScope } from './scope.ts';

/** liquidjs lets templates call what its own objects inherit, and the loop's `next`. */
const isHidden = (key: unknown): boolean => typeof key === 'string' && (key in Drop.prototype || key === 'next');

/** Reads own properties only, of liquidjs' objects too; a part of null is missing, as one of nothing is. */
export class RenderContext extends Context {
  secrets: TemplateScope['secrets'];

  override readProperty(...[value, key]: Parameters<Context['readProperty']>): unknown {
    if (value === null || (value instanceof Drop && isHidden(key))) return undefined;
    return super.readProperty(value, key);
  }

  override spawn(scope = {}): RenderContext {
    const { opts, sync, globals, strictVariables, ownPropertyOnly, renderLimit, memoryLimit, liquid } = this;
    const options = { sync, globals, strictVariables, ownPropertyOnly };
    return new RenderContext(scope, opts, options, { renderLimit, memoryLimit, liquid });
  }
}

/** The context of one render. `increment` writes into what it was given: a copy, so that no template sees another's counters. */
export function createContext(liquid: Liquid, { reserved, data, secrets }: TemplateScope, budget: RenderBudget): RenderContext {
  const own: object = Object.assign(Object.create(null), reserved);
  const context = new RenderContext(own, liquid.options, { sync: true, globals: data }, { renderLimit: budget as never, liquid });
  context.secrets = secrets;
  return context;
}
