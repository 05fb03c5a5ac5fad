import type { Bus } from '@millrace/bus';
import { topics, type WorkflowCommand } from '@millrace/messages';
import { TerminalError } from '@millrace/runtime';
import type { GroupProgress } from './group-progress.ts';
import type { Letters } from './letters.ts';
import { readTopic } from './read-topic.ts';

export interface StartRecord {
  instanceId: string;
  place: string;
  tenantId: string;
  /** null: of a task that isn't a workflow. */
  workflowId: number | null;
  workflowVersion: number | null;
  isDone: boolean;
  isDeadLettered: boolean;
}

/** What the topic of commands says. */
export interface Commands {
  records: number;
  /** Each instance's start once. */
  startById: Map<string, StartRecord>;
  /** The events that caused a command, as `<tenant>|<event id>`. */
  causes: Set<string>;
  /** Instances, and entities as `<tenant>|<type>|<id>`, of which the executor holds a command. */
  openIds: Set<string>;
  openEntities: Set<string>;
  /** Instances of which a command was given up. */
  deadLetteredIds: Set<string>;
  /** Places of commands that can't be read and were passed over without a letter. */
  lost: string[];
}

export async function readCommands(bus: Bus, progress: GroupProgress, letters: Letters): Promise<Commands> {
  const commands = noCommands();
  const topic = topics.workflowCommands;
  await readTopic(bus, topic, async ({ place, partition, offset, key, value }) => {
    commands.records += 1;
    const isDone = progress.isDone(topic.name, partition, offset);
    const isDeadLettered = letters.byOrigin.has(place);
    const command = await decode(bus, key, value);
    if (command === null) {
      if (isDone && !isDeadLettered) commands.lost.push(place);
      return;
    }
    addCommand(commands, command, { place, isDone, isDeadLettered });
  });
  return commands;
}

export function noCommands(): Commands {
  return {
    records: 0,
    startById: new Map(),
    causes: new Set(),
    openIds: new Set(),
    openEntities: new Set(),
    deadLetteredIds: new Set(),
    lost: [],
  };
}

/** null for what never will be one. */
async function decode(bus: Bus, key: string, value: Buffer | null): Promise<WorkflowCommand | null> {
  try {
    const command = await bus.codec.decode(topics.workflowCommands, value);
    return command.tenant_id === key ? command : null;
  } catch (error) {
    if (error instanceof TerminalError) return null;
    throw error;
  }
}

type RecordFacts = Pick<StartRecord, 'place' | 'isDone' | 'isDeadLettered'>;

/** Notes what one command says; a start that comes again is the same start. */
export function addCommand(commands: Commands, { command, ...envelope }: WorkflowCommand, facts: RecordFacts): void {
  const { tenant_id: tenantId, instance_id: id, entity_type: entityType, entity_id: entityId } = envelope;
  if (facts.isDeadLettered) commands.deadLetteredIds.add(id);
  if ('millrace.DeliverEvent' in command) {
    const { event_id: eventId } = JSON.parse(command['millrace.DeliverEvent'].event) as { event_id: string };
    commands.causes.add(`${tenantId}|${eventId}`);
    if (!facts.isDone) commands.openEntities.add(`${tenantId}|${entityType}|${entityId}`);
    return;
  }
  if (!facts.isDone) commands.openIds.add(id);
  const start = 'millrace.StartInstance' in command ? command['millrace.StartInstance'] : null;
  const run = 'millrace.RunScheduledTask' in command ? command['millrace.RunScheduledTask'] : null;
  if (start?.triggered_by === 'event') commands.causes.add(`${tenantId}|${start.triggered_by_value}`);
  const target = start ?? run;
  if (target === null) return;
  const before = commands.startById.get(id);
  commands.startById.set(id, {
    instanceId: id,
    place: before?.place ?? facts.place,
    tenantId,
    workflowId: target.workflow_id,
    workflowVersion: target.workflow_version,
    isDone: facts.isDone || (before?.isDone ?? false),
    isDeadLettered: facts.isDeadLettered || (before?.isDeadLettered ?? false),
  });
}
