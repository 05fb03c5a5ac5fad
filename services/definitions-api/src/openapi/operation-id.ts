import type { Route } from '../route.ts';

/** A name for a route that says what it does, such as `cancelWorkflowInstance`: a client's method is called so. */
export function operationIdOf(route: Pick<Route, 'method' | 'path' | 'answer'>): string {
  const segments = route.path.split('/').slice(1);
  const last = segments.at(-1) ?? '';
  const verb = verbOf(route, last);
  const nouns = verb === camel(last) ? segments.slice(0, -1) : segments;
  const things = nouns.flatMap((segment, index) => {
    if (segment.startsWith(':')) return [];
    const isMany = verb === 'list' && index === nouns.length - 1;
    return [pascal(isMany ? segment : singular(segment))];
  });
  return `${verb}${things.join('')}`;
}

/** The last part of a path where it is no noun, else what the method does. */
function verbOf({ method, answer }: Pick<Route, 'method' | 'answer'>, last: string): string {
  if (method === 'get') return isList(answer) ? 'list' : 'get';
  if (!last.startsWith(':') && method === 'patch') return camel(last);
  if (!last.startsWith(':') && method === 'post' && singular(last) === last) return camel(last);
  return { post: 'create', put: 'replace', patch: 'update', delete: 'delete' }[method];
}

function isList(answer: Route['answer']): boolean {
  return answer !== null && 'shape' in answer && Object.hasOwn(answer.shape as object, 'items');
}

const plurals = new Set(['tenant-settings', 'stats']);

function singular(segment: string): string {
  return plurals.has(segment) ? segment : segment.replace(/s$/, '');
}

function pascal(segment: string): string {
  return segment.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}

function camel(segment: string): string {
  const name = pascal(segment);
  return `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;
}
