import type { Fault } from './accounts.ts';
import type { Expectation } from './expectation.ts';
import type { Ledger } from './ledger.ts';
import { percentile } from './percentile.ts';

/** The counts of a run, from the tables and the sinks; their names are the keys of `--json`. */
export interface RunReport {
  events_accepted: number;
  events_matched: number;
  instances: Record<string, number>;
  action_executions: Record<string, Record<string, number>>;
  log_rows: number;
  dead_letters: number;
  seconds: number;
  events_per_second: number;
  p50_ms: number | null;
  p99_ms: number | null;
  accounts_exact: boolean;
}

export interface RunFigures {
  expectation: Expectation;
  ledger: Ledger;
  deadLetters: number;
  seconds: number;
  latenciesMs: number[];
  faults: Fault[];
}

export function createReport({ expectation, ledger, deadLetters, seconds, latenciesMs, faults }: RunFigures): RunReport {
  const instances: Record<string, number> = { pending: 0, running: 0, completed: 0, failed: 0, cancelled: 0, parked: 0 };
  for (const { status, parked } of ledger.instances) {
    instances[status] = (instances[status] ?? 0) + 1;
    if (parked) instances.parked = (instances.parked ?? 0) + 1;
  }
  const actionExecutions: RunReport['action_executions'] = {};
  for (const { type, status } of ledger.actions.toSorted((a, b) => (a.type < b.type ? -1 : 1))) {
    const ofType = actionExecutions[type] ?? {};
    ofType[status] = (ofType[status] ?? 0) + 1;
    actionExecutions[type] = ofType;
  }
  const rounded = (value: number | null) => (value === null ? null : Math.round(value * 10) / 10);
  return {
    events_accepted: expectation.events,
    events_matched: new Set(ledger.instances.map(({ tenantId, eventId }) => `${tenantId}|${eventId}`)).size,
    instances,
    action_executions: actionExecutions,
    log_rows: ledger.logs.length,
    dead_letters: deadLetters,
    seconds: Math.round(seconds * 1000) / 1000,
    events_per_second: Math.round((expectation.events / seconds) * 10) / 10,
    p50_ms: rounded(percentile(latenciesMs, 0.5)),
    p99_ms: rounded(percentile(latenciesMs, 0.99)),
    accounts_exact: faults.length === 0,
  };
}

export interface Received {
  mails: { received: number; repeats: number } | null;
  texts: { received: number; repeats: number } | null;
  crm: { tasks: number; tags: number; leadUpdates: number; notifications: number; repeats: number };
  repeatedEvents: number;
  unreadable: number;
  restarts: { service: string; cause: string }[];
}

/** The table that ends a run. */
export function formatReport(report: RunReport, expectation: Expectation, received: Received): string {
  const number = (value: number) => value.toLocaleString('en-US');
  const counted = (arrivals: Received['mails']) =>
    arrivals === null
      ? 'not counted: they went to the server that the settings name'
      : `${number(arrivals.received)}, ${number(arrivals.repeats)} repeated`;
  const { parked = 0, ...byStatus } = report.instances;
  const statuses = Object.entries(byStatus)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${number(count)} ${status}${status === 'running' ? ` (${number(parked)} parked by the delay)` : ''}`);
  const rows: [string, string][] = [
    ['events', `${number(report.events_accepted)}, ${number(received.repeatedEvents)} of them sent twice`],
    ['matched', `${number(report.events_matched)} of ${number(expectation.eventsMatched)} expected`],
    ['instances', `${statuses.join(', ')}; ${number(expectation.instanceBy.size)} expected`],
    ...Object.entries(report.action_executions).map(([type, outcomes]): [string, string] => [
      `  ${type}`,
      Object.entries(outcomes)
        .map(([outcome, count]) => `${number(count)} ${outcome}`)
        .join(', '),
    ]),
    ['mails received', counted(received.mails)],
    ['texts received', counted(received.texts)],
    ['tasks in the CRM', number(received.crm.tasks)],
    [
      'other CRM commands',
      `${number(received.crm.tags)} tags, ${number(received.crm.leadUpdates)} lead updates, ${number(received.crm.notifications)} notifications`,
    ],
    ['CRM commands repeated', `${number(received.crm.repeats)}`],
    ['dead letters', `${number(report.dead_letters)} of ${number(received.unreadable)} unreadable messages sent`],
    ['log rows', number(report.log_rows)],
    ['time', `${report.seconds.toFixed(2)} s from the first event sent to the last log row: ${number(report.events_per_second)} events/s`],
    [
      'event to last log row',
      `p50 ${formatMs(report.p50_ms)}, p99 ${formatMs(report.p99_ms)} (sent to Kafka until the row can be read, queues included)`,
    ],
    ...(received.restarts.length === 0
      ? []
      : [['restarted', received.restarts.map(({ service, cause }) => `${service} ${cause}`).join('; ')] satisfies [string, string]]),
    ['accounts', report.accounts_exact ? 'exact: nothing lost, nothing repeated, every log without a gap' : 'DO NOT ADD UP'],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  const rule = '─'.repeat(width + 64);
  return [rule, ...rows.map(([label, value]) => `${label.padEnd(width)}  ${value}`), rule].join('\n');
}

function formatMs(value: number | null): string {
  if (value === null) return '–';
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(2)} s`;
}

/** At most `limit` faults in words, with what each kind came to. */
export function formatFaults(faults: readonly Fault[], limit = 12): string {
  const countBy = Map.groupBy(faults, (fault) => fault.kind);
  const head = [...countBy].map(([kind, all]) => `${all.length} ${kind}`).join(', ');
  const lines = faults.slice(0, limit).map(({ kind, message }) => `  ${kind}: ${message}`);
  return [
    `The accounts do not add up: ${head}.`,
    ...lines,
    ...(faults.length > limit ? [`  … and ${faults.length - limit} more`] : []),
  ].join('\n');
}
