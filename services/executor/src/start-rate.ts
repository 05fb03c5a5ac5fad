import type { InstanceRow } from '@millrace/db';
import type { CompiledVersion } from './version-cache.ts';

const windowMs = 3_600_000;
/** Of a generation, of which two are kept. */
const mostEntities = 50_000;

/** Actions that can change what triggers workflows. */
const causing = new Set(['create_task', 'update_lead', 'add_tag', 'remove_tag', 'emit_event', 'start_workflow']);

type Row = Pick<InstanceRow, 'id' | 'entityType' | 'entityId' | 'createdAtMs'>;

type Start = Pick<Row, 'id' | 'createdAtMs'>;

/**
 * Guards against loops through a CRM that drops causation: a workflow that can cause its own trigger starts at most so often an hour for
 * one entity. Counted in this process, which is where an entity's starts come; a restart forgets.
 */
export class StartRate {
  readonly #mostPerHour: number;
  /** By entity and workflow. Two generations rather than one map that forgets its oldest: finding that one walks over all that went before. */
  #young = new Map<string, Start[]>();
  #old = new Map<string, Start[]>();

  /** 0 turns the guard off. */
  constructor(mostPerHour: number) {
    this.#mostPerHour = mostPerHour;
  }

  /** Whether this start is one too many. The same start asked again is no other start. */
  isExceeded(row: Row, { version }: CompiledVersion): boolean {
    if (!this.#isGuarded(version)) return false;
    const starts = this.#recent(keyOf(row, version), row.createdAtMs);
    return starts.length >= this.#mostPerHour && !starts.some(({ id }) => id === row.id);
  }

  count({ id, createdAtMs, ...entity }: Row, { version }: CompiledVersion): void {
    if (!this.#isGuarded(version)) return;
    const key = keyOf(entity, version);
    const others = this.#recent(key, createdAtMs).filter((start) => start.id !== id);
    this.#young.set(key, [...others, { id, createdAtMs }]);
    if (this.#young.size < mostEntities) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  #isGuarded({ actions }: CompiledVersion['version']): boolean {
    return this.#mostPerHour > 0 && actions.some((action) => causing.has(action.action_type));
  }

  #recent(key: string, nowMs: number): Start[] {
    const starts = this.#young.get(key) ?? this.#old.get(key) ?? [];
    return starts.filter(({ createdAtMs }) => createdAtMs > nowMs - windowMs);
  }
}

function keyOf({ entityType, entityId }: Pick<Row, 'entityType' | 'entityId'>, { id }: CompiledVersion['version']): string {
  return `${id}\0${entityType}\0${entityId}`;
}
