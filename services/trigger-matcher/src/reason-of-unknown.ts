import type { EventView } from '@millrace/messages';
import { type CompiledTrigger, createTriggerContext, explain, triggerConditions } from '@millrace/workflow';

/** Why a trigger's question made no sense: `no_previous` for a change without a record before it, else `wrong_type`. */
export function reasonOfUnknown({ trigger }: CompiledTrigger, event: EventView, nowMs: number): string {
  const leaves = explain(triggerConditions(trigger), createTriggerContext(event, nowMs));
  const unknown = leaves.find(({ verdict }) => verdict === 'unknown');
  const asksForChange = unknown !== undefined && /^(?:changed|increased|decreased|crossed)/.test(unknown.operator);
  return asksForChange && event.previous === null ? 'no_previous' : 'wrong_type';
}
