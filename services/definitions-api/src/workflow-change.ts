import type { Services } from './services.ts';
import type { State } from './state.ts';

/** Who changes what: `userId` becomes the version's author; `ifMatch` is the header's text, empty where there is none. */
export interface Change {
  userId: string | null;
  ifMatch: string;
  at: Date;
}

/** The change that a request asks for. */
export function changeOf({ state, header }: { state: State; header: (name: string) => string }, { now }: Services): Change {
  return { userId: state.identity.userId, ifMatch: header('if-match'), at: new Date(now()) };
}
