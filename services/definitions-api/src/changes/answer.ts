import type { Reply, Route } from '../route.ts';

/** An answer as it goes out, and as it is kept for a repeat of the request. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** The body's JSON; null: no body. */
  text: string | null;
}

export function answerOf(route: Route, reply: Reply<unknown>): Answer {
  return { status: route.status, headers: reply.headers ?? {}, text: route.status === 204 ? null : JSON.stringify(reply.body) };
}

/** The reply without what only the first answer may show. */
export function withoutShownOnce({ shownOnce }: Route, reply: Reply<unknown>): Reply<unknown> {
  if (shownOnce.length === 0) return reply;
  return { ...reply, body: { ...(reply.body as object), ...Object.fromEntries(shownOnce.map((name) => [name, null])) } };
}
