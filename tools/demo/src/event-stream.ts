import { type CrmFact, type TenantName, tenantNames } from './crm-event.ts';
import { createLead, type Lead } from './leads.ts';
import { createRandom, type Random } from './random.ts';

export const poisonKinds = ['no_avro', 'empty', 'unknown_schema', 'truncated', 'trailing_bytes', 'wrong_tenant', 'wrong_branch'] as const;
export type PoisonKind = (typeof poisonKinds)[number];

/** One message that the demo CRM will send. */
export type Message =
  | { kind: 'event'; fact: CrmFact }
  /** The same event again; `restamped`: with a new `occurred_at`, as a sloppy producer does. */
  | { kind: 'repeat'; fact: CrmFact; restamped: boolean }
  /** What no reader of the topic can take: spoilt bytes made from a valid event. */
  | { kind: 'poison'; poison: PoisonKind; number: number; fact: CrmFact };

export interface StreamOptions {
  events: number;
  seed: number;
  runId: string;
  /** Of the first event; the others follow. */
  startMs: number;
}

const leadsBefore = 3000;
const tenantShares: [TenantName, number][] = [
  ['acme', 0.35],
  ['globex', 0.3],
  ['initech', 0.2],
  ['umbrella', 0.15],
];

export function tenantIdOf(runId: string, tenant: TenantName): string {
  return `demo-${runId}-${tenant}`;
}

/** The messages of a run, in order: `events` distinct valid events, about one in fifty sent twice, about one in a hundred unreadable. */
export function* createMessages(options: StreamOptions): Generator<Message, void, undefined> {
  const random = createRandom(options.seed);
  const crm = createCrm(random, options.runId);
  const poisonEvery = Math.max(1, Math.min(100, Math.floor(options.events / poisonKinds.length)));
  const later: CrmFact[] = [];
  let poisoned = 0;
  for (let number = 0; number < options.events; number += 1) {
    const fact = crm.nextFact(number, options.startMs + number);
    yield { kind: 'event', fact };
    if (random.chance(0.01)) yield { kind: 'repeat', fact, restamped: false };
    if (random.chance(0.01)) later.push(fact);
    if (later.length > 0 && random.chance(0.01)) yield { kind: 'repeat', fact: later.shift() as CrmFact, restamped: true };
    if (number % poisonEvery === poisonEvery - 1) {
      const poison = poisonKinds[poisoned % poisonKinds.length] as PoisonKind;
      const spoilt = crm.nextFact(options.events + poisoned, options.startMs + number);
      yield { kind: 'poison', poison, number: poisoned, fact: { ...spoilt, eventId: `poison-${poisoned}` } };
      poisoned += 1;
    }
  }
  for (const fact of later) yield { kind: 'repeat', fact, restamped: true };
}

function createCrm(random: Random, runId: string) {
  const leadsBy = new Map<TenantName, Lead[]>(tenantNames.map((tenant) => [tenant, []]));
  let leadCount = 0;
  const addLead = (tenant: TenantName): Lead => {
    leadCount += 1;
    const lead = createLead(random, tenantIdOf(runId, tenant), leadCount);
    leadsBy.get(tenant)?.push(lead);
    return lead;
  };
  for (let number = 0; number < leadsBefore; number += 1) addLead(pickTenant(random));

  return {
    nextFact(number: number, occurredAtMs: number): CrmFact {
      const tenant = pickTenant(random);
      const common = { eventId: `event-${number}`, tenant, tenantId: tenantIdOf(runId, tenant), occurredAtMs };
      const kind = random.next();
      if (kind < 0.4) return { ...common, type: 'lead_created', lead: { ...addLead(tenant) } };
      const lead = random.pick(leadsBy.get(tenant) as Lead[]);
      if (kind < 0.8) {
        const previousScore = lead.score ?? 0;
        lead.score = Math.max(0, Math.min(100, previousScore + random.between(-20, 35)));
        return { ...common, type: 'lead_scored', previousScore, score: lead.score, lead: { ...lead } };
      }
      const taskType = random.pick(['call', 'demo', 'email', 'meeting']);
      return {
        ...common,
        type: 'task_completed',
        lead: { ...lead },
        taskId: `task-${number}`,
        title: `${taskType} with ${lead.lastName}`,
        taskType,
        outcome: random.pick(['won', 'lost', 'no_answer', 'follow_up']),
      };
    },
  };
}

function pickTenant(random: Random): TenantName {
  let rest = random.next();
  for (const [tenant, share] of tenantShares) {
    if (rest < share) return tenant;
    rest -= share;
  }
  return 'acme';
}
