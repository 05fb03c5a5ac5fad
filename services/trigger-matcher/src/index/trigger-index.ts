import type { EventView, WorkflowDefinition } from '@millrace/messages';
import { type CompiledConditions, type ConditionContext, createTriggerContext, type Verdict } from '@millrace/workflow';
import { type IndexedTrigger, parseTriggers } from '../definition.ts';
import type { Member } from './choose-guards.ts';
import { type IndexedWorkflow, TenantIndex } from './tenant-index.ts';

export interface Matches {
  /** The first matching trigger of each workflow, in no order. */
  matched: readonly IndexedTrigger[];
  /** Triggers whose question made no sense for the event's values. */
  unknown: readonly IndexedTrigger[];
}

export interface TriggerIndex {
  /** Takes a definition over unless a higher version is known. Throws TerminalError where it can't be read; the known one stays. */
  apply(definition: WorkflowDefinition): void;
  /** Forgets a workflow: its tombstone has come. */
  remove(tenantId: string, workflowId: number): void;
  /** What asking every trigger of the tenant would give. */
  match(tenantId: string, event: EventView, nowMs: number): Matches;
  /** Whether some workflow of the tenant waits for events of this type. */
  isAwaited(tenantId: string, eventType: string): boolean;
  readonly workflows: number;
}

const nothing: Matches = { matched: [], unknown: [] };

export function createTriggerIndex(): TriggerIndex {
  const tenants = new Map<string, TenantIndex>();
  let workflows = 0;

  const change = (tenantId: string, work: (tenant: TenantIndex) => void) => {
    const tenant = tenants.get(tenantId) ?? new TenantIndex();
    const before = tenant.size;
    work(tenant);
    workflows += tenant.size - before;
    if (tenant.size === 0) tenants.delete(tenantId);
    else tenants.set(tenantId, tenant);
  };

  return {
    apply(definition) {
      const known = tenants.get(definition.tenant_id)?.versionOf(definition.workflow_id);
      if (known !== undefined && known > definition.version) return;
      const workflow = fileDefinition(definition);
      change(definition.tenant_id, (tenant) => tenant.set(workflow));
    },
    remove: (tenantId, workflowId) => change(tenantId, (tenant) => tenant.remove(workflowId)),
    match(tenantId, event, nowMs) {
      const tenant = tenants.get(tenantId);
      if (tenant === undefined) return nothing;
      const context = createTriggerContext(event, nowMs);
      const candidates: Member[] = [];
      tenant.collect(event.event_type, context, candidates);
      if (candidates.length === 0) return nothing;
      const matched: IndexedTrigger[] = [];
      const unknown: IndexedTrigger[] = [];
      for (const { trigger, terms } of candidates) {
        const verdict = verdictOf(terms, context);
        if (verdict === true) matched.push(trigger);
        else if (verdict === 'unknown') unknown.push(trigger);
      }
      return { matched: firstOfEach(matched), unknown };
    },
    isAwaited: (tenantId, eventType) => tenants.get(tenantId)?.isAwaited(eventType) ?? false,
    get workflows() {
      return workflows;
    },
  };
}

/** As `all` decides. */
function verdictOf(terms: readonly CompiledConditions[], context: ConditionContext): Verdict {
  let verdict: Verdict = true;
  for (const term of terms) {
    const own = term(context);
    if (own === false) return false;
    if (own === 'unknown') verdict = own;
  }
  return verdict;
}

function fileDefinition(definition: WorkflowDefinition): IndexedWorkflow {
  const { workflow_id: id, version, enabled, deleted, waits_for: waitsFor } = definition;
  const triggers = enabled && !deleted ? parseTriggers(definition) : [];
  const exact = new Map<string, IndexedTrigger[]>();
  const prefixed = new Map<string, IndexedTrigger[]>();
  for (const trigger of triggers) {
    const { listensTo } = trigger;
    if (listensTo.kind === 'exact') append(exact, listensTo.eventType, trigger);
    if (listensTo.kind === 'prefix') append(prefixed, listensTo.prefix, trigger);
  }
  return { id, version, exact, prefixed, waitsFor: new Set(deleted ? [] : waitsFor) };
}

function append<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [item]);
  else list.push(item);
}

function firstOfEach(matched: IndexedTrigger[]): IndexedTrigger[] {
  if (matched.every(({ isOnlyOne }) => isOnlyOne)) return matched;
  matched.sort((a, b) => a.workflowId - b.workflowId || a.position - b.position);
  return matched.filter(({ workflowId }, at) => matched[at - 1]?.workflowId !== workflowId);
}
