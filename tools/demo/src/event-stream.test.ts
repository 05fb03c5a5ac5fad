import { expect, test } from 'vitest';
import type { CrmFact } from './crm-event.ts';
import { createMessages, poisonKinds } from './event-stream.ts';
import { createExpectation } from './expectation.ts';
import type { Lead } from './leads.ts';
import { demoWorkflows } from './workflows.ts';

const options = { events: 2000, seed: 7, runId: 'test', startMs: 1_700_000_000_000 };
const workflows = demoWorkflows.map((workflow, index) => ({ id: index + 1, workflow }));

const lead: Lead = {
  leadId: 'lead-1',
  tenantId: 'demo-test-globex',
  firstName: 'Ada',
  lastName: 'Novak',
  email: 'ada.novak.1@demo-test-globex.example',
  phone: '+15550000001',
  company: 'Alder Foods',
  status: 'new',
  score: 61,
  source: 'website',
  ownerId: 'user-1',
  tags: [],
  employees: 10,
};

function created(overrides: Partial<Lead>, tenant: CrmFact['tenant'] = 'globex'): CrmFact {
  return {
    type: 'lead_created',
    eventId: 'event-1',
    tenant,
    tenantId: `demo-test-${tenant}`,
    occurredAtMs: 0,
    lead: { ...lead, ...overrides },
  };
}

test('the same seed gives the same messages', () => {
  expect([...createMessages(options)]).toEqual([...createMessages(options)]);
  expect([...createMessages({ ...options, seed: 8 })]).not.toEqual([...createMessages(options)]);
});

test('the stream has exactly the events asked for, each under an id of its own, some again and some unreadable of every kind', () => {
  const messages = [...createMessages(options)];
  const events = messages.filter((message) => message.kind === 'event');
  expect(events).toHaveLength(2000);
  expect(new Set(events.map(({ fact }) => fact.eventId)).size).toBe(2000);
  expect(messages.filter((message) => message.kind === 'repeat').length).toBeGreaterThan(10);
  expect(new Set(messages.flatMap((message) => (message.kind === 'poison' ? [message.poison] : [])))).toEqual(new Set(poisonKinds));
});

test('a repeat comes after its event', () => {
  const seen = new Set<string>();
  for (const message of createMessages(options)) {
    if (message.kind === 'event') seen.add(message.fact.eventId);
    if (message.kind === 'repeat') expect(seen).toContain(message.fact.eventId);
  }
});

test('addresses and telephone numbers are unique and valid', () => {
  const leads = new Map<string, Lead>();
  for (const { fact } of createMessages(options)) leads.set(fact.lead.leadId, fact.lead);
  const emails = [...leads.values()].flatMap(({ email }) => email ?? []);
  const phones = [...leads.values()].flatMap(({ phone }) => phone ?? []);
  expect(new Set(emails).size).toBe(emails.length);
  expect(new Set(phones).size).toBe(phones.length);
  for (const email of emails) expect(email).toMatch(/^[a-z.]+\d+@demo-test-[a-z]+\.example$/);
  for (const phone of phones) expect(phone).toMatch(/^\+1555\d{7}$/);
});

test('every workflow but the one that never matches is started, and every kind of end is expected', () => {
  const expectation = createExpectation(workflows);
  for (const message of createMessages(options)) if (message.kind === 'event') expectation.addEvent(message.fact);
  const instances = [...expectation.instanceBy.values()];
  const started = new Set(instances.map(({ workflowName }) => workflowName));
  expect(started.size).toBe(demoWorkflows.length - 1);
  expect([...started].some((name) => name.startsWith('Never'))).toBe(false);
  const outcomes = new Set(
    instances.flatMap(({ actions }) => actions.map(({ type, status, skipReason }) => `${type} ${skipReason ?? status}`)),
  );
  for (const outcome of [
    'create_task pending',
    'send_email completed',
    'send_email no_address',
    'send_email condition_false',
    'send_sms completed',
    'update_lead completed',
  ]) {
    expect(outcomes).toContain(outcome);
  }
  expect(expectation.events).toBe(2000);
  expect(expectation.eventsMatched).toBe(new Set(instances.map(({ eventKey }) => eventKey)).size);
});

test('the seed’s workflow starts for a lead with a score, parks, and does not start for one without', () => {
  const expectation = createExpectation(workflows);
  expectation.addEvent(created({ score: 0 }, 'acme'));
  expect([...expectation.instanceBy.values()].map(({ endsAs }) => endsAs)).toEqual(['parked']);
  expect(expectation.logRows).toBe(2);
  expectation.addEvent({ ...created({ score: null }, 'acme'), eventId: 'event-2' });
  expect(expectation.instanceBy.size).toBe(1);
});

test('a mail is expected for a score over 60 and an address, and skipped otherwise', () => {
  const welcome = (overrides: Partial<Lead>) => {
    const expectation = createExpectation(workflows);
    expectation.addEvent(created(overrides));
    return [...expectation.instanceBy.values()][0]?.actions[2];
  };
  expect(welcome({})).toMatchObject({
    status: 'completed',
    effect: 'mail to ada.novak.1@demo-test-globex.example: Welcome to Globex [event-1]',
  });
  expect(welcome({ score: 60 })).toMatchObject({ status: 'skipped', skipReason: 'condition_false' });
  expect(welcome({ score: null })).toMatchObject({ status: 'skipped', skipReason: 'condition_false' });
  expect(welcome({ email: null })).toMatchObject({ status: 'skipped', skipReason: 'no_address' });
});
