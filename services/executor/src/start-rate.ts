import type { InstanceRow } from '@millrace/db';
import type { CompiledVersion } from './version-cache.ts';

const windowMs = 3_600_000;
const mostEntities = 100_000;

/** Actions that can change what triggers workflows. */
const causing = new Set(['create_task', 'update_lead', 'add_tag', 'remove_tag', 'emit_event', 'start_workflow']);

type Row = Pick<InstanceRow, 'id' | 'entityType' | 'entityId' | 'createdAtMs'>;

/**
 * Guards against loops through a CRM that drops causation: a workflow that can cause its own trigger starts at most so often an hour for
 * one entity. Counted in this process, which is where an entity's starts come; a restart forgets.
 */
export class StartRate {
  readonly #mostPerHour: number;
  readonly #startedAtByKey = new Map<string, Map<string, number>>();

  /** 0 turns the guard off. */
  constructor(mostPerHour: number) {
    this.#mostPerHour = mostPerHour;
  }

  /** Whether this start is one too many. The same start asked again is no other start. */
  isExceeded(row: Row, { version }: CompiledVersion): boolean {
    if (!this.#isGuarded(version)) return false;
    const startedAt = this.#recent(keyOf(row, version), row.createdAtMs);
    return !startedAt.has(row.id) && startedAt.size >= this.#mostPerHour;
  }

  count(row: Row, { version }: CompiledVersion): void {
    if (!this.#isGuarded(version)) return;
    const key = keyOf(row, version);
    const startedAt = this.#recent(key, row.createdAtMs).set(row.id, row.createdAtMs);
    // The entity that started last is the last to be forgotten.
    this.#startedAtByKey.delete(key);
    this.#startedAtByKey.set(key, startedAt);
    if (this.#startedAtByKey.size > mostEntities) this.#startedAtByKey.delete(this.#startedAtByKey.keys().next().value as string);
  }

  #isGuarded({ actions }: CompiledVersion['version']): boolean {
    return this.#mostPerHour > 0 && actions.some((action) => causing.has(action.action_type));
  }

  #recent(key: string, nowMs: number): Map<string, number> {
    const startedAt = this.#startedAtByKey.get(key) ?? new Map<string, number>();
    for (const [id, atMs] of startedAt) if (atMs <= nowMs - windowMs) startedAt.delete(id);
    return startedAt;
  }
}

function keyOf({ entityType, entityId }: Row, { id }: CompiledVersion['version']): string {
  return `${id}\0${entityType}\0${entityId}`;
}
