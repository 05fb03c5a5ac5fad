import { z } from 'zod';
import { problemSchema } from '../src/problem.ts';
import { routes } from '../src/routes.ts';

interface CheckedAnswer {
  method: string;
  /** Below /api/v1, with its query. */
  path: string;
  status: number;
  body: unknown;
}

const patterns = routes.map((route) => ({ route, pattern: new RegExp(`^${route.path.replaceAll(/:\w+/g, '[^/]+')}$`) }));

/** Throws where an answer isn't what the route's schema or the schema of problems says. */
export function checkAnswer({ method, path, status, body }: CheckedAnswer): void {
  const place = path.split('?', 1)[0] ?? '';
  const found = patterns.find(({ route, pattern }) => route.method === method.toLowerCase() && pattern.test(place));
  const schema = status >= 400 ? problemSchema : status === found?.route.status ? (found.route.answer ?? z.undefined()) : z.never();
  const parsed = schema.safeParse(body);
  if (parsed.success) return;
  throw new Error(`Expected ${method} ${path} → ${status} to answer by its schema, but:\n${z.prettifyError(parsed.error)}`);
}
