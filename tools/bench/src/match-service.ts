import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createKafka, exitWithParent, findUndrained, parseStackSettings } from '@millrace/demo';
import { type CrmEvent, topics, type WorkflowDefinition } from '@millrace/messages';
import { aLeadCreated, createInstallation, eventually, freePort, type Installation, startService } from '@millrace/testing';
import { atLeast, atMost, type Benchmark, createResult } from './benchmark.ts';
import { startCpuMeter } from './cpu-time.ts';
import { median, round } from './statistics.ts';

type Admin = ReturnType<ReturnType<typeof createKafka>['admin']>;

const workflows = 1_000;
const tenantId = 'bench';
const batch = 1_000;
const bareLoop = fileURLToPath(new URL('./bare-matcher.ts', import.meta.url));

/** The matcher's process on a tenant's 1,000 workflows, of which each event starts one, beside a loop that only passes the same records on, by turns. */
export const matchService: Benchmark = {
  summary: `the matcher's process on ${workflows.toLocaleString('en-US')} workflows beside a bare kafkajs loop of the same records (--events a turn, --rounds)`,
  sizes: { events: 40_000, rounds: 5 },
  async run({ stackEnv, say, size }) {
    await using installation = await createInstallation('bench-match', await stackEnv());
    // The loop has topics of its own, so that either stands still in the other's turn.
    await using others = await createInstallation('bench-bare', await stackEnv());
    await using kafka = await connectAdmin(installation);
    await publishDefinitions(installation);
    await using matcher = await startService('trigger-matcher', { ...installation.env, LOG_LEVEL: 'warn' }, await freePort());
    await using bare = await startBareLoop(others);
    const events = size('events');
    const turns = [
      {
        prefix: installation.prefix,
        publish: await createPublisher(installation, events),
        pid: matcher.pid,
        rates: [] as number[],
        cpu: [] as number[],
      },
      { prefix: others.prefix, publish: await createPublisher(others, events), pid: bare.pid, rates: [] as number[], cpu: [] as number[] },
    ] as const;
    // The first turn warms both up.
    for (let number = 0; number <= size('rounds'); number += 1) {
      for (const { prefix, publish, pid, rates, cpu } of turns) {
        const { perSecond, cpuUs } = await runTurn(kafka.admin, {
          topic: `${prefix}${topics.workflowCommands.name}`,
          events,
          pid,
          publish,
        });
        if (number > 0) rates.push(perSecond);
        if (number > 0) cpu.push(cpuUs);
        say(`round ${number}: ${prefix}: ${Math.round(perSecond)} a second, ${cpuUs} µs each`);
      }
    }
    const [own, other] = turns;
    const ratio = round(median(own.rates.map((rate, turn) => rate / (other.rates[turn] as number))));
    const expected = events * (size('rounds') + 1);
    const sent = await countRecords(kafka.admin, `${installation.prefix}${topics.workflowCommands.name}`);
    await matcherDrained(kafka.admin, installation.prefix);
    const figures = {
      events_per_second: Math.round(median(own.rates)),
      bare_events_per_second: Math.round(median(other.rates)),
      rate_ratio: ratio,
      cpu_us_per_event: round(median(own.cpu), 1),
      bare_cpu_us_per_event: round(median(other.cpu), 1),
    };
    return createResult('match-service', figures, [
      atLeast('rate ÷ that of a bare loop', ratio, 0.6),
      atMost('starts too many or too few', Math.abs(sent - expected), 0),
    ]);
  },
};

async function publishDefinitions({ bus, codec }: Installation): Promise<void> {
  const definitions = Array.from({ length: workflows }, (_, number): WorkflowDefinition => {
    const conditions = [
      { field: 'company', operator: 'equals', value: `Company ${number}` },
      { field: 'lead_score', operator: 'greater_than', value: 10 },
    ];
    return {
      tenant_id: tenantId,
      workflow_id: number + 1,
      version: 1,
      name: `Workflow ${number}`,
      enabled: true,
      deleted: false,
      on_disable: 'finish',
      published_at: Date.now(),
      triggers: [{ trigger_id: number + 1, trigger_type: 'lead_created', trigger_config: '{}', conditions: JSON.stringify(conditions) }],
      waits_for: [],
    };
  });
  const records = definitions.map(async (definition) => ({
    topic: topics.workflowDefinitions,
    tenantId,
    key: `${tenantId}/${definition.workflow_id}`,
    value: await codec.encode(topics.workflowDefinitions, definition),
  }));
  await bus.publish(await Promise.all(records));
}

/** Publishes so many events at each call; each has a company that one workflow asks for. */
async function createPublisher({ bus, codec }: Installation, count: number): Promise<() => Promise<void>> {
  let turn = 0;
  const encode = async (event: CrmEvent) => ({
    topic: topics.crmEvents,
    tenantId,
    entityType: event.entity_type,
    entityId: event.entity_id,
    value: await codec.encode(topics.crmEvents, event),
  });
  return async () => {
    turn += 1;
    for (let from = 0; from < count; from += batch) {
      const events = Array.from({ length: Math.min(batch, count - from) }, (_, at) => {
        const id = `${turn}-${from + at}`;
        return aLeadCreated(
          { tenant_id: tenantId, event_id: id, entity_id: id },
          { company: `Company ${(from + at) % workflows}`, lead_score: 85 },
        );
      });
      await bus.publish(await Promise.all(events.map(encode)));
    }
  };
}

interface Turn {
  topic: string;
  events: number;
  pid: number;
  publish: () => Promise<void>;
}

/** The process stands still while its backlog is published. */
async function runTurn(admin: Admin, { topic, events, pid, publish }: Turn): Promise<{ perSecond: number; cpuUs: number }> {
  const expected = (await countRecords(admin, topic)) + events;
  process.kill(pid, 'SIGSTOP');
  await publish();
  const meter = startCpuMeter({ cpu: pid });
  const startedAt = performance.now();
  process.kill(pid, 'SIGCONT');
  await eventually(
    async () => {
      const found = await countRecords(admin, topic);
      if (found < expected) throw new Error(`Expected ${expected} records, but there are ${found}`);
    },
    { timeoutMs: 120_000, everyMs: 10 },
  );
  return { perSecond: (events * 1_000) / (performance.now() - startedAt), cpuUs: meter.perUnit(events).cpu as number };
}

async function countRecords(admin: Admin, topic: string): Promise<number> {
  return (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0);
}

function matcherDrained(admin: Admin, prefix: string): Promise<void> {
  return eventually(async () => {
    const left = (await findUndrained(admin, { topic: prefix, group: prefix })).filter(({ hop }) => hop === 'trigger-matcher');
    if (left.length > 0) throw new Error(`Expected the matcher to commit what it has done, but ${left[0]?.lag} records are left`);
  });
}

async function connectAdmin({ env }: Installation): Promise<AsyncDisposable & { admin: Admin }> {
  const admin = createKafka(parseStackSettings(env), 'bench').admin();
  await admin.connect();
  return { admin, [Symbol.asyncDispose]: () => admin.disconnect() };
}

/** Resolved once it holds its partitions. */
async function startBareLoop({ env, prefix }: Installation): Promise<AsyncDisposable & { pid: number }> {
  const args = [`${prefix}bare`, `${prefix}${topics.crmEvents.name}`, `${prefix}${topics.workflowCommands.name}`];
  const child: ChildProcess = spawn(
    process.execPath,
    ['--disable-warning=TimeoutNegativeWarning', '--import', exitWithParent, bareLoop, ...args],
    {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  const ended = once(child, 'exit');
  const [message] = await Promise.race([once(child, 'message'), ended]);
  if (message !== 'joined') throw new Error('Expected the bare loop to join its group, but it has ended');
  return {
    pid: child.pid as number,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
