import { z } from 'zod';
import type { Services } from './services.ts';
import type { State } from './state.ts';

/** The query of what makes a new version. */
export const changeParameters = {
  /** What the change is for; kept with the version. */
  note: z.string().trim().min(1).max(500).optional(),
};

/** Who changes what: `userId` becomes the version's author; `ifMatch` is the header's text, empty where there is none. */
export interface Change {
  userId: string | null;
  note: string | null;
  ifMatch: string;
  at: Date;
}

/** The change that a request asks for. */
export function changeOf(
  request: { state: State; header: (name: string) => string; query: { note?: string | undefined } },
  { now }: Services,
): Change {
  const { state, header, query } = request;
  return { userId: state.identity.userId, note: query.note ?? null, ifMatch: header('if-match'), at: new Date(now()) };
}
