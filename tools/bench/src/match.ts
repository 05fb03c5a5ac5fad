import type { EventView, WorkflowDefinition } from '@millrace/messages';
import { type ConditionLeaf, compileTrigger } from '@millrace/workflow';
import { Engine } from 'json-rules-engine';
import { createTriggerIndex } from '../../../services/trigger-matcher/src/index/trigger-index.ts';
import { atLeast, type Benchmark, createResult } from './benchmark.ts';
import { createRandom } from './random.ts';
import { median, round } from './statistics.ts';

const sizes = [10, 100, 1_000, 10_000];
const rounds = 7;
const roundMs = 400;
const tenantId = 'bench';
const now = Date.UTC(2026, 10, 24);

/** Matching in process, one tenant: the index beside asking every trigger and beside json-rules-engine, interleaved. */
export const match: Benchmark = {
  summary: 'events matched per second in process, by number of workflows of 2 to 3 predicates each',
  async run({ say }) {
    const figures: Record<string, number> = {};
    const events = createEvents(4_096);
    const contenders = sizes.map((size) => createContenders(size, events));
    const rates = contenders.map(() => ({ index: [] as number[], plain: [] as number[], rules: [] as number[] }));
    for (let round = 0; round <= rounds; round += 1) {
      for (const [at, { index, plain, rules }] of contenders.entries()) {
        const measured = { index: rateOf(index), plain: rateOf(plain), rules: await rateOfAsync(rules) };
        // The first round warms up.
        if (round > 0) for (const key of ['index', 'plain', 'rules'] as const) rates[at]?.[key].push(measured[key]);
      }
      say(`round ${round} of ${rounds}`);
    }
    for (const [at, size] of sizes.entries()) {
      const of = rates[at] as (typeof rates)[number];
      figures[`workflows_${size}_events_per_second`] = Math.round(median(of.index));
      figures[`workflows_${size}_plain_interpretation_per_second`] = Math.round(median(of.plain));
      figures[`workflows_${size}_json_rules_engine_per_second`] = Math.round(median(of.rules));
    }
    const rate = (size: number) => figures[`workflows_${size}_events_per_second`] as number;
    const ratio = round(rate(1_000) / rate(10));
    return createResult('match', { ...figures, ratio_1000_to_10: ratio }, [
      atLeast('events/s at 1,000 workflows', rate(1_000), 2_000_000),
      atLeast('rate at 1,000 workflows by that at 10', ratio, 0.5),
    ]);
  },
};

function createContenders(size: number, events: EventView[]) {
  const random = createRandom(size);
  const definitions = Array.from({ length: size }, (_, id) => createDefinition(id + 1, random));
  const index = createTriggerIndex();
  for (const definition of definitions) index.apply(definition);
  const triggers = definitions.map(({ triggers: [trigger] }) =>
    compileTrigger({
      id: trigger?.trigger_id ?? 0,
      trigger_type: trigger?.trigger_type ?? '',
      trigger_config: {},
      conditions: JSON.parse(trigger?.conditions ?? '[]') as ConditionLeaf[],
    }),
  );
  const engine = new Engine([], { allowUndefinedFacts: true });
  for (const {
    triggers: [trigger],
  } of definitions)
    engine.addRule(ruleOf(JSON.parse(trigger?.conditions ?? '[]') as ConditionLeaf[]));
  const at = (counter: number) => events[counter % events.length] as EventView;
  return {
    index: (counter: number) => index.match(tenantId, at(counter), now).matched.length,
    plain: (counter: number) => {
      let matched = 0;
      for (const trigger of triggers) if (trigger.matches(at(counter), now) === true) matched += 1;
      return matched;
    },
    rules: async (counter: number) => (await engine.run(at(counter).data)).events.length,
  };
}

const sources = ['web', 'phone', 'fair', 'partner', 'import', 'referral', 'campaign', 'chat'];
const statuses = ['new', 'contacted', 'qualified', 'lost'];
const companies = Array.from({ length: 500 }, (_, number) => `Company ${number}`);

const pick = <T>(items: readonly T[], random: () => number): T => items[Math.floor(random() * items.length)] as T;

/** Two or three predicates: most workflows name a company or an owner, some only a score and a source. */
function createDefinition(id: number, random: () => number): WorkflowDefinition {
  const conditions: ConditionLeaf[] = [
    { field: 'lead_score', operator: 'greater_than', value: 50 + Math.floor(random() * 49) },
    random() < 0.9
      ? { field: 'company', operator: 'equals', value: pick(companies, random) }
      : { field: 'owner_id', operator: 'equals', value: `user-${Math.floor(random() * 200)}` },
    ...(random() < 0.5 ? [{ field: 'source', operator: 'equals', value: pick(sources, random) } as const] : []),
  ];
  return {
    tenant_id: tenantId,
    workflow_id: id,
    version: 1,
    name: `Workflow ${id}`,
    enabled: true,
    deleted: false,
    on_disable: 'finish',
    published_at: now,
    triggers: [{ trigger_id: id, trigger_type: 'lead_created', trigger_config: '{}', conditions: JSON.stringify(conditions) }],
    waits_for: [],
  };
}

function createEvents(count: number): EventView[] {
  const random = createRandom(7);
  return Array.from({ length: count }, (_, number) => ({
    event_id: `event-${number}`,
    event_type: 'lead_created',
    entity_type: 'lead',
    entity_id: `lead-${number}`,
    occurred_at: new Date(now).toISOString(),
    source: 'bench',
    bulk_id: null,
    causation: null,
    previous: null,
    data: {
      lead_id: `lead-${number}`,
      first_name: 'Ada',
      company: pick(companies, random),
      owner_id: `user-${Math.floor(random() * 200)}`,
      source: pick(sources, random),
      lead_status: pick(statuses, random),
      lead_score: Math.floor(random() * 100),
      tags: [],
      custom: {},
    },
  }));
}

function ruleOf(conditions: ConditionLeaf[]) {
  const operators: Record<string, string> = { greater_than: 'greaterThan', equals: 'equal' };
  return {
    conditions: { all: conditions.map(({ field, operator, value }) => ({ fact: field, operator: operators[operator] as string, value })) },
    event: { type: 'match' },
  };
}

function rateOf(matchOne: (counter: number) => number): number {
  const startedAt = performance.now();
  let counter = 0;
  while (performance.now() - startedAt < roundMs) for (let burst = 0; burst < 64; burst += 1) matchOne(counter++);
  return (counter * 1_000) / (performance.now() - startedAt);
}

async function rateOfAsync(matchOne: (counter: number) => Promise<number>): Promise<number> {
  const startedAt = performance.now();
  let counter = 0;
  while (performance.now() - startedAt < roundMs) await matchOne(counter++);
  return (counter * 1_000) / (performance.now() - startedAt);
}
