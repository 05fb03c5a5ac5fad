import type { Reply, Route } from '../route.ts';

export interface AuditSubject {
  type: string;
  /** The path parameter that holds its id; null: the tenant has one of it. */
  parameter: string | null;
  /** The route that reads it. */
  read: Route;
}

const typesBySegment: Record<string, string> = {
  workflows: 'workflow',
  triggers: 'trigger',
  actions: 'action',
  instances: 'instance',
  'scheduled-tasks': 'scheduled_task',
  'workflow-templates': 'workflow_template',
  secrets: 'secret',
  'api-keys': 'api_key',
  'tenant-settings': 'tenant_settings',
};

/** What a route changes: the innermost thing of its path that can be read by itself. Null where the path names only a collection. */
export function auditSubjectOf(route: Route, routes: readonly Route[]): AuditSubject | null {
  const segments = route.path.split('/').slice(1);
  for (let end = segments.length; end > 0; end--) {
    const last = segments[end - 1] ?? '';
    const parameter = last.startsWith(':') ? last.slice(1) : null;
    const type = typesBySegment[(parameter === null ? last : segments[end - 2]) ?? ''];
    const isCollection = parameter === null && route.method === 'post';
    if (type === undefined || isCollection) continue;
    const path = `/${segments.slice(0, end).join('/')}`;
    const read = routes.find((other) => other.method === 'get' && other.path === path);
    if (read) return { type, parameter, read };
  }
  return null;
}

/** What a reply's Location says was made: its kind and its id. */
export function createdSubject({ headers }: Reply<unknown>): { type: string; id: string } | null {
  const [id = '', segment = ''] = (headers?.Location ?? '').split('/').toReversed();
  const type = typesBySegment[segment];
  return type === undefined ? null : { type, id };
}

/** What was done, in a word: the last part of a path that is a verb, else by the method. */
export function auditActionOf({ method, path }: Route): string {
  const last = path.split('/').at(-1) ?? '';
  if ((method === 'post' || method === 'patch') && !last.startsWith(':') && !Object.hasOwn(typesBySegment, last)) return last;
  return { get: 'read', post: 'create', put: 'update', patch: 'update', delete: 'delete' }[method];
}
