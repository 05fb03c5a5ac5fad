import { rmSync } from 'node:fs';
import { bringUpStack, deploy, projectRoot, timed } from './bring-up.ts';
import { tenantNames } from './crm-event.ts';
import { awaitDefinitionsApplied, awaitPublished } from './definitions-applied.ts';
import { type DemoCrm, startDemoCrm } from './demo-crm.ts';
import { tenantIdOf } from './event-stream.ts';
import { createExpectation } from './expectation.ts';
import { findFreePort } from './free-port.ts';
import { startLogTail } from './log-tail.ts';
import { createMillraceApi } from './millrace-api.ts';
import type { DemoOptions } from './options.ts';
import type { Progress } from './progress.ts';
import { startProviderSinks } from './provider-sinks.ts';
import { createReport, formatFaults, formatReport, type RunReport } from './report.ts';
import { awaitNoOtherServices } from './service-groups.ts';
import { createDatabasePool, createKafka, createRegistry, parseStackSettings } from './stack-clients.ts';
import { streamAndSettle } from './stream-and-settle.ts';
import { startSupervisor } from './supervisor.ts';
import { demoWorkflows } from './workflows.ts';

export interface RunResult {
  report: RunReport;
  /** The table; and what is wrong, where the accounts don't add up. */
  text: string;
}

/** The whole demo, from the stack to the table. What it starts is stopped before it returns or throws. */
export async function runDemo(options: DemoOptions, progress: Progress, signal: AbortSignal): Promise<RunResult> {
  const say = progress.say;
  const runId = createRunId();
  await using resources = new AsyncDisposableStack();

  const stack = resources.use(await bringUpStack(say));
  const env: Record<string, string | undefined> = { ...process.env, ...stack.env };
  signal.throwIfAborted();
  await deploy(env, say);
  signal.throwIfAborted();

  const settings = parseStackSettings(env);
  const kafka = createKafka(settings, `demo-${runId}`);
  const admin = kafka.admin();
  await admin.connect();
  resources.defer(() => admin.disconnect());
  const pool = createDatabasePool(settings);
  resources.defer(() => pool.end());
  await awaitNoOtherServices(admin, settings.GROUP_PREFIX, say);

  const sinks = resources.use(await startProviderSinks(env));
  const tenantIds = tenantNames.map((tenant) => tenantIdOf(runId, tenant));
  const crm: DemoCrm = resources.use(
    await startDemoCrm({ kafka, admin, registry: createRegistry(settings), topicPrefix: settings.TOPIC_PREFIX, runId, tenantIds }),
  );

  const apiPort = await findFreePort();
  const logDir = `${projectRoot}/.millrace/demo/logs`;
  rmSync(logDir, { recursive: true, force: true });
  const supervisor = resources.use(
    await startSupervisor({ root: projectRoot, logDir, env: { ...stack.env, ...sinks.env, API_PORT: String(apiPort) }, log: say }),
  );
  await timed('five services ready', say, () => supervisor.whenReady());
  signal.throwIfAborted();

  const api = createMillraceApi(`http://127.0.0.1:${apiPort}`);
  const workflows = await timed(
    `${demoWorkflows.length} workflows of ${tenantNames.length} tenants created, published and applied by the matcher`,
    say,
    async () => {
      const created: { id: number; tenantId: string; workflow: (typeof demoWorkflows)[number] }[] = [];
      for (const workflow of demoWorkflows) {
        const tenantId = tenantIdOf(runId, workflow.tenant);
        created.push({ ...(await api.createWorkflow(tenantId, workflow.body)), tenantId, workflow });
      }
      await awaitPublished(api, created);
      await awaitDefinitionsApplied(admin, `${settings.TOPIC_PREFIX}workflow.definitions`, supervisor.healthUrl('trigger-matcher'));
      return created;
    },
  );
  signal.throwIfAborted();

  const tail = resources.use(await startLogTail(pool, tenantIds));
  const expectation = createExpectation(workflows);
  const workflowIds = workflows.map(({ id }) => id);
  const outcome = await streamAndSettle(
    {
      options,
      runId,
      kafka,
      admin,
      pool,
      registry: createRegistry(settings),
      settings,
      tenantIds,
      workflowIds,
      expectation,
      sinks,
      crm,
      supervisor,
      tail,
    },
    progress,
    signal,
  );

  const report = createReport({ ...outcome, expectation, deadLetters: crm.deadLetters.length });
  const { desk } = crm;
  const count = (prefix: string) => desk.effects.filter((effect) => effect.startsWith(prefix)).length;
  const table = formatReport(report, expectation, {
    mails: outcome.mails && { received: outcome.mails.effects.length, repeats: outcome.mails.repeats },
    texts: outcome.texts && { received: outcome.texts.effects.length, repeats: outcome.texts.repeats },
    crm: {
      tasks: desk.tasks.length,
      tags: count('tag of'),
      leadUpdates: count('update of'),
      notifications: desk.notifications,
      repeats: desk.repeats,
    },
    repeatedEvents: outcome.repeatedEvents,
    unreadable: expectation.poisonMarks.size,
    restarts: supervisor.restarts,
  });
  const text = outcome.faults.length === 0 ? table : `${table}\n${formatFaults(outcome.faults)}\nThe services' logs: ${logDir}`;
  say('stopping what was started');
  return { report, text };
}

function createRunId(): string {
  return Date.now().toString(36);
}
