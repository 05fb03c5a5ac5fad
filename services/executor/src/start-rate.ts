import type { InstanceRow } from '@millrace/db';
import type { CompiledVersion } from './version-cache.ts';

const windowMs = 3_600_000;
const mostEntities = 100_000;

/** Actions that can change what triggers workflows. */
const causing = new Set(['create_task', 'update_lead', 'add_tag', 'remove_tag', 'emit_event', 'start_workflow']);

/**
 * Guards against loops through a CRM that drops causation: a workflow that can cause its own trigger starts at most so often an hour for
 * one entity. Counted in this process, which is where an entity's starts come; a restart forgets.
 */
export class StartRate {
  readonly #mostPerHour: number;
  readonly #startsByKey = new Map<string, number[]>();

  /** 0 turns the guard off. */
  constructor(mostPerHour: number) {
    this.#mostPerHour = mostPerHour;
  }

  /** Counts a start; true where it is one too many. */
  isExceeded(row: Pick<InstanceRow, 'entityType' | 'entityId' | 'createdAtMs'>, { version }: CompiledVersion): boolean {
    if (this.#mostPerHour === 0 || !version.actions.some((action) => causing.has(action.action_type))) return false;
    const key = `${version.id}\0${row.entityType}\0${row.entityId}`;
    const starts = (this.#startsByKey.get(key) ?? []).filter((at) => at > row.createdAtMs - windowMs);
    this.#startsByKey.delete(key);
    if (starts.length < this.#mostPerHour) starts.push(row.createdAtMs);
    else {
      this.#startsByKey.set(key, starts);
      return true;
    }
    this.#startsByKey.set(key, starts);
    if (this.#startsByKey.size > mostEntities) this.#startsByKey.delete(this.#startsByKey.keys().next().value as string);
    return false;
  }
}
