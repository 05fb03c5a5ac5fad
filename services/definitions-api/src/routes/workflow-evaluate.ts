import { eventView } from '@millrace/messages';
import { z } from 'zod';
import { rowId } from '../answer-schema.ts';
import { crmEvent } from '../crm-event.ts';
import { anyEventSchema, checkAnyEvent } from '../event-request.ts';
import { invalid } from '../problem.ts';
import { mayEnter } from '../re-entry.ts';
import { defineRoute, type Route } from '../route.ts';
import { evaluateTrigger, triggerEvaluationSchema } from '../trigger-evaluation.ts';
import { getWorkflow } from '../workflow-repository.ts';

const refusals = ['no_trigger_matches', 'workflow_disabled', 're_entry'] as const;

/** `POST /workflows/{id}/evaluate`: what the workflow's triggers make of an event, without starting anything. */
export const workflowEvaluateRoutes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/workflows/:workflowId/evaluate',
    summary: 'Ask a workflow’s triggers about an event, without starting anything',
    role: 'viewer',
    changes: 'nothing',
    body: z.strictObject({ event: anyEventSchema }),
    answer: z.strictObject({
      /** Whether the event would start an instance now. */
      would_start: z.boolean(),
      /** Why not. */
      refusal: z.enum(refusals).nullable(),
      /** The first trigger that matches. */
      trigger_id: rowId.nullable(),
      triggers: z.array(triggerEvaluationSchema),
    }),
    handle: async ({ params, body, state }, { now }) => {
      const checked = checkAnyEvent(body.event);
      if (!checked.ok) throw invalid(checked.errors.map((fault) => ({ ...fault, path: fault.path ? `event.${fault.path}` : 'event' })));
      const workflow = await getWorkflow(state.em, params.workflowId);
      const nowMs = now();
      const event = eventView(crmEvent(checked.value, { tenantId: state.identity.tenantId, eventId: 'evaluated', nowMs }));
      const triggers = workflow.triggers.map((trigger) => evaluateTrigger(trigger, event, nowMs));
      const match = triggers.find(({ matches }) => matches);
      const entity = { entityType: event.entity_type, entityId: event.entity_id };
      const refusal = refusalOf({
        matches: match !== undefined,
        enabled: workflow.enabled,
        mayEnter: await mayEnter(state.em, workflow, entity, nowMs),
      });
      return { body: { would_start: refusal === null, refusal, trigger_id: match?.trigger_id ?? null, triggers } };
    },
  }),
];

interface Answers {
  matches: boolean;
  enabled: boolean;
  mayEnter: boolean;
}

function refusalOf({ matches, enabled, mayEnter }: Answers): (typeof refusals)[number] | null {
  if (!matches) return 'no_trigger_matches';
  if (!enabled) return 'workflow_disabled';
  return mayEnter ? null : 're_entry';
}
