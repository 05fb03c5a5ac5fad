import type { Route } from './route.ts';

/** The first part of each path: what an API key may be limited to. */
export const scopedResources = [
  'workflows',
  'instances',
  'scheduled-tasks',
  'workflow-templates',
  'events',
  'stats',
  'secrets',
  'api-keys',
  'tenant-settings',
  'audit',
] as const;

type Scope = `${(typeof scopedResources)[number]}:${'read' | 'write'}`;

export const scopes = scopedResources.flatMap((resource): Scope[] => [`${resource}:read`, `${resource}:write`]);

/** The scope that a key with scopes needs for a route: `read` for what changes nothing, else `write`. */
export function scopeOf({ path, method, changes }: Pick<Route, 'path' | 'method' | 'changes'>): string {
  const [, resource] = path.split('/');
  return `${resource}:${method === 'get' || changes === 'nothing' ? 'read' : 'write'}`;
}
