import type { Entry, NewEntry } from './entries.ts';
import { evolve } from './evolve.ts';
import type { InstanceState } from './state.ts';

/** Gives the entries their places after the state's last one, and applies them. */
export function append(state: InstanceState, entries: readonly NewEntry[]): { state: InstanceState; entries: Entry[] } {
  let next = state;
  const placed: Entry[] = [];
  for (const entry of entries) {
    const withSeq = { seq: next.seq + 1, ...entry } as Entry;
    placed.push(withSeq);
    next = evolve(next, withSeq);
  }
  return { state: next, entries: placed };
}
