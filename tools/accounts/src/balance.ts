import type { StatDifference } from '@millrace/db';
import type { Fault } from '@millrace/demo';
import type { Commands } from './commands.ts';
import { endOfEvent, endOfLoose, endOfStart, eventEnds, looseEnds, startEnds } from './ends.ts';
import type { EventRecord } from './events.ts';
import type { Letters } from './letters.ts';
import type { Instances, TableLetters } from './tables.ts';

/** All that is needed to tell what became of everything. */
export interface Survey {
  events: EventRecord[];
  commands: Commands;
  letters: Letters;
  instances: Instances;
  /** Of the starts, and of those that events must have caused, the ids that are in the table. */
  existingIds: Set<string>;
  /** Why a start may have made no instance, by its id. */
  refusals: Map<string, string>;
  tableLetters: TableLetters;
  /** Where the roll-ups are no count over the log. */
  statDifferences: StatDifference[];
}

/** The counts by distinct ids; their names are the keys of `--json`. */
export interface Accounts {
  events: Record<string, number>;
  starts: Record<string, number>;
  refused: Record<string, number>;
  instances: Record<string, number>;
  dead_letters: Record<string, number>;
  statistics: Record<string, number>;
  faults: Fault[];
  adds_up: boolean;
}

/** Counts what became of each event, start and instance, and says what doesn't add up. Pure. */
export function balance(survey: Survey): Accounts {
  const faults: Fault[] = [];
  const add = (kind: Fault['kind'], message: string) => faults.push({ kind, message });
  const accounts = {
    events: balanceEvents(survey, add),
    ...balanceStarts(survey, add),
    instances: balanceInstances(survey, add),
    dead_letters: balanceLetters(survey, add),
    statistics: balanceStatistics(survey, add),
  };
  return { ...accounts, faults, adds_up: faults.length === 0 };
}

type Add = (kind: Fault['kind'], message: string) => void;

function balanceEvents({ events, commands, existingIds }: Survey, add: Add): Record<string, number> {
  const bestByIdentity = new Map<string, number>();
  const missing = new Map<string, string>();
  for (const record of events) {
    const end = endOfEvent({ ...record, hasCommands: commands.causes.has(record.identity) });
    const rank = eventEnds.indexOf(end);
    bestByIdentity.set(record.identity, Math.min(rank, bestByIdentity.get(record.identity) ?? rank));
    if (end === 'lost')
      add('lost', `the event at ${record.place} can't be read, and the matcher went past it, but it isn't among the dead letters`);
    for (const { workflowId, instanceId } of record.expected) {
      if (commands.startById.has(instanceId) || existingIds.has(instanceId)) continue;
      missing.set(instanceId, `event ${record.identity} (${record.place}) must have started workflow ${workflowId}, but no command does`);
    }
  }
  for (const message of missing.values()) add('lost', message);
  return { records: events.length, distinct: bestByIdentity.size, ...tally(eventEnds, bestByIdentity.values()) };
}

function balanceStarts(survey: Survey, add: Add): Pick<Accounts, 'starts' | 'refused'> {
  const { commands, existingIds, refusals } = survey;
  const refused: Record<string, number> = {};
  const ends: number[] = [];
  for (const start of commands.startById.values()) {
    const reason = refusals.get(start.instanceId);
    const end = endOfStart({ ...start, hasInstance: existingIds.has(start.instanceId), isRefused: reason !== undefined });
    ends.push(startEnds.indexOf(end));
    if (end === 'refused' && reason !== undefined) refused[reason] = (refused[reason] ?? 0) + 1;
    if (end === 'lost')
      add(
        'lost',
        `the start of instance ${start.instanceId} (${start.place}) is dealt with, but there is neither the instance nor a reason`,
      );
  }
  for (const place of commands.lost)
    add('lost', `the command at ${place} can't be read, and the executor went past it, but it isn't among the dead letters`);
  return { starts: { records: commands.records, distinct: ends.length, ...tally(startEnds, ends) }, refused };
}

function balanceInstances({ instances, commands }: Survey, add: Add): Record<string, number> {
  const ends = instances.loose.map(({ id, status, entity }) => {
    const hasInput = commands.openIds.has(id) || commands.openEntities.has(entity);
    const end = endOfLoose({ hasInput, isDeadLettered: commands.deadLetteredIds.has(id) });
    if (end === 'stuck') add('wrong', `instance ${id} is ${status}, waits for no time, and nobody holds a command of it`);
    return looseEnds.indexOf(end);
  });
  const terminal = Object.values(instances.byStatus).reduce((sum, count) => sum + count, 0);
  return {
    total: terminal + instances.parked + ends.length,
    terminal,
    ...instances.byStatus,
    parked: instances.parked,
    ...tally(looseEnds, ends),
  };
}

function balanceLetters({ letters, tableLetters }: Survey, add: Add): Record<string, number> {
  let inFlight = 0;
  for (const [origin, { isDone }] of letters.byOrigin) {
    if (tableLetters.origins.has(origin)) continue;
    if (isDone) add('lost', `the dead letter of ${origin} isn't in its table, although the audit logger went past it`);
    else inFlight += 1;
  }
  return {
    records: letters.records,
    distinct: letters.byOrigin.size,
    in_flight: inFlight,
    in_table: tableLetters.origins.size,
    ...tableLetters.byState,
  };
}

/** One fault a workflow, however many of its counts are wrong. */
function balanceStatistics({ statDifferences }: Survey, add: Add): Record<string, number> {
  for (const [owner, differences] of Map.groupBy(statDifferences, ownerOf)) {
    const [{ what, rolledUp, counted }, ...others] = differences as [StatDifference, ...StatDifference[]];
    const more = others.length === 0 ? '' : `, and ${others.length} more`;
    add('wrong', `the statistics of ${owner} are no count over the log: ${what}: ${rolledUp} instead of ${counted}${more}`);
  }
  return { differences: statDifferences.length };
}

function ownerOf({ tenantId, workflowId }: StatDifference): string {
  return workflowId === 0 ? `tenant ${tenantId}` : `workflow ${workflowId}`;
}

function tally<T extends string>(names: readonly T[], ranks: Iterable<number>): Record<T, number> {
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<T, number>;
  for (const rank of ranks) counts[names[rank] as T] += 1;
  return counts;
}
