import type { InstanceRow } from '@millrace/db';
import type { Entry } from '../../src/instance/entries.ts';
import { evolve } from '../../src/instance/evolve.ts';
import { type InstanceState, initialState } from '../../src/instance/state.ts';

interface Stored {
  entries: readonly Entry[];
  state: InstanceState;
}

const known = new WeakMap<InstanceRow, Stored>();

/** What a row's journal says. */
export function stored(row: InstanceRow): Stored {
  let found = known.get(row);
  if (found === undefined) {
    const entries = JSON.parse(row.journal) as Entry[];
    found = { entries, state: entries.reduce(evolve, initialState) };
    known.set(row, found);
  }
  return found;
}

const outcomes = new Set<Entry['type']>(['attempt_failed', 'action_completed', 'action_failed', 'action_unknown']);

/** The entries that say what came of an attempt of an action. */
export function outcomesOf(row: InstanceRow, actionId: number): Entry[] {
  return stored(row).entries.filter((entry) => outcomes.has(entry.type) && 'action_id' in entry && entry.action_id === actionId);
}
