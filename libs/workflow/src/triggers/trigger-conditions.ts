import type { ConditionTree } from '../conditions/condition-tree.ts';
import type { Json } from '../json.ts';
import type { TriggerType } from './trigger-config.ts';

type Config = Readonly<Record<string, unknown>>;
type Term = (value: Json) => ConditionTree;

/** How each key of a `trigger_config` reads as a condition on the event's data; `event_name` is the event type's affair. */
const terms: Record<TriggerType, Record<string, Term>> = {
  lead_created: {
    min_score: (value) => ({ field: 'lead_score', operator: 'greater_than_or_equal', value }),
    max_score: (value) => ({ field: 'lead_score', operator: 'less_than_or_equal', value }),
    lead_status: (value) => ({ field: 'lead_status', operator: 'equals', value }),
    source: (value) => ({ field: 'source', operator: 'equals', value }),
  },
  lead_scored: {
    min_score: (value) => ({ field: 'lead_score', operator: 'greater_than_or_equal', value }),
    max_score: (value) => ({ field: 'lead_score', operator: 'less_than_or_equal', value }),
    min_change: (value) => ({ field: 'lead_score', operator: 'changed_by_at_least', value }),
    crossed_above: (value) => ({ field: 'lead_score', operator: 'crossed_above', value }),
    crossed_below: (value) => ({ field: 'lead_score', operator: 'crossed_below', value }),
  },
  task_completed: {
    task_type: (value) => ({ field: 'task_type', operator: 'equals', value }),
    outcome: (value) => ({ field: 'outcome', operator: 'equals', value }),
    assigned_to_id: (value) => ({ field: 'assigned_to_id', operator: 'equals', value: String(value) }),
  },
  custom: {},
  workflow_completed: {
    workflow_id: (value) => ({ field: 'workflow_id', operator: 'equals', value }),
    status: (value) => ({ field: 'status', operator: 'equals', value }),
  },
};

/** A trigger's config as the conditions that it stands for; keys that don't belong to the type are left out. */
export function conditionsOfConfig(type: TriggerType, config: Config): ConditionTree[] {
  return Object.entries(terms[type]).flatMap(([key, term]) => {
    const value = config[key];
    return value === undefined || value === null ? [] : [term(value as Json)];
  });
}
