import type { Effect } from './crm-effect.ts';
import type { CrmFact } from './crm-event.ts';
import type { DemoWorkflow, ExpectedAction } from './workflows.ts';

export interface ExpectedInstance {
  key: string;
  workflowName: string;
  eventKey: string;
  /** Parked instances are `running` and wait for a delay. */
  endsAs: 'completed' | 'parked';
  actions: ExpectedAction[];
}

/** What the run must come to, worked out from the generated events alone. */
export interface Expectation {
  /** Counts one distinct valid event. */
  addEvent(fact: CrmFact): void;
  /** Counts one unreadable message by the mark in its header. */
  addPoison(mark: string): void;
  instanceBy: Map<string, ExpectedInstance>;
  mails: Effect[];
  texts: Effect[];
  crm: Effect[];
  /** Without failed attempts: one row for each instance's start, action and end, or for its start and its delay. */
  logRows: number;
  events: number;
  eventsMatched: number;
  poisonMarks: Set<string>;
}

export function createExpectation(workflows: readonly { id: number; workflow: DemoWorkflow }[]): Expectation {
  const expectation: Expectation = {
    addEvent,
    addPoison: (mark) => expectation.poisonMarks.add(mark),
    instanceBy: new Map(),
    mails: [],
    texts: [],
    crm: [],
    logRows: 0,
    events: 0,
    eventsMatched: 0,
    poisonMarks: new Set(),
  };

  function addEvent(fact: CrmFact): void {
    expectation.events += 1;
    const started = workflows.filter(({ workflow }) => workflow.tenant === fact.tenant && workflow.startsFor(fact));
    if (started.length > 0) expectation.eventsMatched += 1;
    for (const { id, workflow } of started) {
      const actions = workflow.actions(fact);
      const key = instanceKey(fact.tenantId, id, fact.eventId);
      expectation.instanceBy.set(key, {
        key,
        workflowName: workflow.body.name,
        eventKey: eventKey(fact.tenantId, fact.eventId),
        endsAs: workflow.endsAs,
        actions,
      });
      expectation.logRows += workflow.endsAs === 'parked' ? 2 : 2 + actions.length;
      for (const { type, effect } of actions) {
        if (effect === null) continue;
        if (type === 'send_email') expectation.mails.push(effect);
        else if (type === 'send_sms') expectation.texts.push(effect);
        else expectation.crm.push(effect);
      }
    }
  }

  return expectation;
}

export function instanceKey(tenantId: string, workflowId: number, eventId: string): string {
  return `${tenantId}|${workflowId}|${eventId}`;
}

export function eventKey(tenantId: string, eventId: string): string {
  return `${tenantId}|${eventId}`;
}
