import { setTimeout as delay } from 'node:timers/promises';
import type { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import type { Admin, Kafka } from 'kafkajs';
import type { Pool } from 'mysql2/promise';
import { type Actuals, type Arrivals, checkAccounts, type Fault } from './accounts.ts';
import { crmArrivals, mailArrivals, textArrivals } from './arrivals.ts';
import type { DemoCrm } from './demo-crm.ts';
import { findUndrained } from './drained.ts';
import { publishMessages } from './event-publisher.ts';
import { createMessages } from './event-stream.ts';
import { type Expectation, eventKey } from './expectation.ts';
import { type Ledger, readLedger } from './ledger.ts';
import type { LogTail } from './log-tail.ts';
import type { DemoOptions } from './options.ts';
import type { Progress } from './progress.ts';
import type { ProviderSinks } from './provider-sinks.ts';
import type { StackSettings } from './stack-clients.ts';
import type { Supervisor } from './supervisor.ts';

/** Of the expected log rows, when the services named by --kill are ended. */
const killAfterShare = 0.4;
/** What comes again comes soon after: the accounts must still add up this much later. */
const graceMs = 1000;

export interface StreamContext {
  options: DemoOptions;
  runId: string;
  kafka: Kafka;
  admin: Admin;
  pool: Pool;
  registry: SchemaRegistry;
  settings: StackSettings;
  tenantIds: string[];
  workflowIds: number[];
  expectation: Expectation;
  sinks: ProviderSinks;
  crm: DemoCrm;
  supervisor: Supervisor;
  tail: LogTail;
}

export interface StreamOutcome {
  ledger: Ledger;
  faults: Fault[];
  mails: Arrivals | null;
  texts: Arrivals | null;
  /** From the first event sent to the last log row seen. */
  seconds: number;
  latenciesMs: number[];
  repeatedEvents: number;
}

/** Streams the run's events and waits until the accounts add up exactly, or until its time is over. */
export async function streamAndSettle(context: StreamContext, progress: Progress, signal: AbortSignal): Promise<StreamOutcome> {
  const { options, expectation, tail, supervisor, crm, sinks } = context;
  const sentAtMsBy = new Map<string, number>();
  const state = { firstSentAtMs: 0, sent: 0, repeatedEvents: 0, streaming: true, phase: 'streaming' };
  const kills = [...options.kill];
  const deadline = performance.now() + 120_000 + options.events * 10 + (options.rate === null ? 0 : (options.events * 1000) / options.rate);

  const streaming = publishMessages(
    createMessages({ events: options.events, seed: options.seed, runId: context.runId, startMs: Date.now() }),
    {
      kafka: context.kafka,
      registry: context.registry,
      topicPrefix: context.settings.TOPIC_PREFIX,
      rate: options.rate,
      onSending: (batch, atMs) => {
        if (state.firstSentAtMs === 0) state.firstSentAtMs = atMs;
        for (const message of batch) {
          if (message.kind === 'event') {
            expectation.addEvent(message.fact);
            sentAtMsBy.set(eventKey(message.fact.tenantId, message.fact.eventId), atMs);
          } else if (message.kind === 'poison') expectation.addPoison(`${message.poison}-${message.number}`);
          else state.repeatedEvents += 1;
        }
      },
      onAcknowledged: (batch) => {
        state.sent += batch.filter((message) => message.kind === 'event').length;
      },
    },
  ).finally(() => {
    state.streaming = false;
  });
  // Looked at again below; a failure must not be an unhandled rejection until then.
  streaming.catch(() => {});

  const show = () => progress.show(progressLine(state, context));
  const watch = setInterval(() => {
    show();
    if (kills.length > 0 && state.sent > 0 && tail.rows >= Math.max(1, killAfterShare * expectation.logRows)) {
      for (const name of kills.splice(0)) {
        progress.say(`kill -9 ${name} (pid ${supervisor.pid(name)})`);
        supervisor.kill(name, 'SIGKILL');
      }
    }
  }, 50);
  try {
    await streaming;
    state.phase = 'settling';
    for (;;) {
      const actuals = await settle(context, deadline, signal, (phase) => {
        state.phase = phase;
      });
      const faults = checkAccounts(expectation, actuals);
      if (faults.length > 0 && performance.now() < deadline) {
        state.phase = `${faults.length} accounts open, e.g. ${faults[0]?.message}`;
        await delay(1000, undefined, { signal });
        continue;
      }
      return {
        ledger: actuals.ledger,
        faults,
        mails: actuals.mails,
        texts: actuals.texts,
        seconds: (tail.lastRowAtMs - state.firstSentAtMs) / 1000,
        latenciesMs: actuals.ledger.instances.flatMap(({ id, tenantId, eventId }) => {
          const sentAtMs = sentAtMsBy.get(eventKey(tenantId, eventId));
          const seenAtMs = tail.lastSeenAtMsBy.get(id);
          return sentAtMs === undefined || seenAtMs === undefined ? [] : [seenAtMs - sentAtMs];
        }),
        repeatedEvents: state.repeatedEvents,
      };
    }
  } finally {
    clearInterval(watch);
    progress.end();
  }

  function readActuals(ledger: Ledger): Actuals {
    return {
      ledger,
      mails: sinks.smtp && mailArrivals(sinks.smtp, context.tenantIds),
      texts: sinks.sms && textArrivals(sinks.sms),
      crm: crmArrivals(crm.desk),
      deadLetters: crm.deadLetters,
      repeatsAllowed: supervisor.restarts.length > 0,
    };
  }

  /** Waits until all that is expected is there and no group has anything left to do, or until the time is over; then reads the accounts. */
  async function settle(
    { admin, pool, settings }: StreamContext,
    untilMs: number,
    abort: AbortSignal,
    phase: (text: string) => void,
  ): Promise<Actuals> {
    for (;;) {
      abort.throwIfAborted();
      const failure = crm.failure();
      if (failure !== null) throw failure;
      const overdue = performance.now() > untilMs;
      if (!overdue && !isAllThere(context)) {
        await delay(100, undefined, { signal: abort });
        await tail.catchUpIfIdle();
        continue;
      }
      const undrained = await findUndrained(admin, { topic: settings.TOPIC_PREFIX, group: settings.GROUP_PREFIX });
      if (!overdue && undrained.length > 0) {
        phase(undrained.map(({ hop, lag }) => `${hop} has ${lag} to commit`).join(', '));
        await delay(200, undefined, { signal: abort });
        continue;
      }
      phase('checking the accounts');
      await delay(graceMs, undefined, { signal: abort });
      await tail.catchUp();
      return readActuals(await readLedger(pool, context.tenantIds, context.workflowIds));
    }
  }
}

function isAllThere({ expectation, sinks, crm, tail }: StreamContext): boolean {
  return (
    tail.rows >= expectation.logRows &&
    tail.settled >= expectation.instanceBy.size &&
    (sinks.smtp === null || sinks.smtp.mails.length >= expectation.mails.length) &&
    (sinks.sms === null || sinks.sms.texts.length >= expectation.texts.length) &&
    crm.desk.effects.length >= expectation.crm.length &&
    crm.deadLetters.length >= expectation.poisonMarks.size
  );
}

function progressLine(
  state: { firstSentAtMs: number; sent: number; phase: string },
  { options, expectation, sinks, crm, tail }: StreamContext,
): string {
  const number = (value: number) => value.toLocaleString('en-US');
  const seconds = state.firstSentAtMs === 0 ? 0 : (Date.now() - state.firstSentAtMs) / 1000;
  return [
    `${seconds.toFixed(0).padStart(3)} s`,
    `events ${number(state.sent)}/${number(options.events)}`,
    `instances ${number(tail.settled)}/${number(expectation.instanceBy.size)}`,
    `log rows ${number(tail.rows)}/${number(expectation.logRows)}`,
    ...(sinks.smtp === null ? [] : [`mails ${number(sinks.smtp.mails.length)}`]),
    ...(sinks.sms === null ? [] : [`texts ${number(sinks.sms.texts.length)}`]),
    `CRM ${number(crm.desk.effects.length)}`,
    `dead letters ${number(crm.deadLetters.length)}`,
    state.phase,
  ].join(' · ');
}
