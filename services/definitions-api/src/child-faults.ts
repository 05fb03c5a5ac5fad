import { type Fault, invalid } from './problem.ts';

/** Faults of a trigger or action that is posted by itself. */
export const newHasNoId: Fault = { path: 'id', code: 'unknown_id', message: 'Expected no id for what is new, but it has one' };

export function tooMany(what: string, most: number): Fault {
  return { path: '', code: 'too_big', message: `Expected at most ${most} ${what} in a workflow, but this is one more` };
}

/** The id in a body may be left out. */
export function checkSameId(id: number, body: { id?: number }): void {
  if (body.id === undefined || body.id === id) return;
  throw invalid([{ path: 'id', code: 'unknown_id', message: `Expected the id of the path, ${id}, or none, but got ${body.id}` }]);
}
