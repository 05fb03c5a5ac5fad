import type { EventView, WorkflowDefinition } from '@millrace/messages';
import { type IndexedTrigger, parseTriggers } from '../definition.ts';
import { type Bucket, createBucket } from './bucket.ts';
import { nameOfTrigger, namesOfEvent } from './event-names.ts';

export interface Matches {
  /** The first matching trigger of each workflow, by workflow id. */
  matched: IndexedTrigger[];
  /** Triggers whose question made no sense for the event's values. */
  unknown: IndexedTrigger[];
}

export interface TriggerIndex {
  /** Takes a definition over unless a higher version is known. Throws TerminalError where it can't be read; the known one stays. */
  apply(definition: WorkflowDefinition): void;
  /** Forgets a workflow: its tombstone has come. */
  remove(tenantId: string, workflowId: number): void;
  match(tenantId: string, event: EventView, nowMs: number): Matches;
  /** Whether some workflow of the tenant waits for events of this name. */
  isAwaited(tenantId: string, eventName: string): boolean;
  readonly workflows: number;
}

interface Known {
  version: number;
  triggersByName: Map<string, IndexedTrigger[]>;
  waitsFor: readonly string[];
}

interface Tenant {
  workflows: Map<number, Known>;
  /** Workflows that file triggers under a name. */
  idsByName: Map<string, Set<number>>;
  /** Built when first asked after a change. */
  buckets: Map<string, Bucket>;
  awaited: Map<string, number>;
}

export function createTriggerIndex(): TriggerIndex {
  const tenants = new Map<string, Tenant>();
  let workflows = 0;

  const replace = (tenantId: string, workflowId: number, next: Known | null) => {
    let tenant = tenants.get(tenantId);
    if (tenant === undefined) {
      tenant = { workflows: new Map(), idsByName: new Map(), buckets: new Map(), awaited: new Map() };
      tenants.set(tenantId, tenant);
    }
    const previous = tenant.workflows.get(workflowId);
    if (previous !== undefined) forget(tenant, workflowId, previous);
    if (next !== null) remember(tenant, workflowId, next);
    workflows += Number(next !== null) - Number(previous !== undefined);
    if (tenant.workflows.size === 0) tenants.delete(tenantId);
  };

  return {
    apply(definition) {
      const { tenant_id: tenantId, workflow_id: workflowId, version } = definition;
      const known = tenants.get(tenantId)?.workflows.get(workflowId);
      if (known !== undefined && known.version > version) return;
      const active = definition.enabled && !definition.deleted;
      replace(tenantId, workflowId, {
        version,
        triggersByName: active ? byName(parseTriggers(definition)) : new Map(),
        waitsFor: definition.deleted ? [] : definition.waits_for,
      });
    },
    remove: (tenantId, workflowId) => replace(tenantId, workflowId, null),
    match(tenantId, event, nowMs) {
      const tenant = tenants.get(tenantId);
      const candidates: IndexedTrigger[] = [];
      if (tenant !== undefined) {
        for (const name of namesOfEvent(event.event_type))
          bucketOf(tenant, name)?.visitCandidates(event, (found) => candidates.push(found));
      }
      return firstMatches(candidates, event, nowMs);
    },
    isAwaited: (tenantId, eventName) => tenants.get(tenantId)?.awaited.has(eventName) ?? false,
    get workflows() {
      return workflows;
    },
  };
}

/** Of candidates in any order: per workflow the first, by position, that matches. */
export function firstMatches(candidates: IndexedTrigger[], event: EventView, nowMs: number): Matches {
  const matches: Matches = { matched: [], unknown: [] };
  if (candidates.length > 1) candidates.sort((a, b) => a.workflowId - b.workflowId || a.position - b.position);
  let done: number | undefined;
  for (const candidate of candidates) {
    if (candidate.workflowId === done) continue;
    const verdict = candidate.compiled.matches(event, nowMs);
    if (verdict === 'unknown') matches.unknown.push(candidate);
    if (verdict !== true) continue;
    done = candidate.workflowId;
    matches.matched.push(candidate);
  }
  return matches;
}

function byName(triggers: IndexedTrigger[]): Map<string, IndexedTrigger[]> {
  const named = triggers.filter((trigger) => nameOfTrigger(trigger) !== null);
  return Map.groupBy(named, (trigger) => nameOfTrigger(trigger) as string);
}

function remember(tenant: Tenant, workflowId: number, known: Known): void {
  tenant.workflows.set(workflowId, known);
  for (const name of known.triggersByName.keys()) {
    const ids = tenant.idsByName.get(name);
    if (ids === undefined) tenant.idsByName.set(name, new Set([workflowId]));
    else ids.add(workflowId);
    tenant.buckets.delete(name);
  }
  for (const name of new Set(known.waitsFor)) tenant.awaited.set(name, (tenant.awaited.get(name) ?? 0) + 1);
}

function forget(tenant: Tenant, workflowId: number, known: Known): void {
  tenant.workflows.delete(workflowId);
  for (const name of known.triggersByName.keys()) {
    const ids = tenant.idsByName.get(name);
    ids?.delete(workflowId);
    if (ids?.size === 0) tenant.idsByName.delete(name);
    tenant.buckets.delete(name);
  }
  for (const name of new Set(known.waitsFor)) {
    const left = (tenant.awaited.get(name) ?? 0) - 1;
    if (left > 0) tenant.awaited.set(name, left);
    else tenant.awaited.delete(name);
  }
}

function bucketOf(tenant: Tenant, name: string): Bucket | undefined {
  const built = tenant.buckets.get(name);
  const ids = built === undefined ? tenant.idsByName.get(name) : undefined;
  if (ids === undefined) return built;
  const bucket = createBucket([...ids].flatMap((id) => tenant.workflows.get(id)?.triggersByName.get(name) ?? []));
  tenant.buckets.set(name, bucket);
  return bucket;
}
