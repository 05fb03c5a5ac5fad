import type { CrmCommand, CrmEvent, ExecutionLog, WorkflowCommand, WorkflowDefinition } from './generated.ts';

export type CleanupPolicy = 'delete' | 'compact';
export type Compatibility = 'BACKWARD_TRANSITIVE' | 'FULL_TRANSITIVE';

/** What the installation agrees on about a topic. `T` is what its records decode to. */
export interface Topic<T> {
  name: string;
  /** In schemas/. */
  schemaFile: string;
  partitions: number;
  cleanupPolicy: CleanupPolicy;
  /** −1 keeps for ever. */
  retentionMs: number;
  compatibility: Compatibility;
  /** The broker's limit for a record batch. */
  maxMessageBytes: number;
  /** Only carries the type. */
  readonly record?: T;
}

const dayMs = 24 * 60 * 60 * 1000;
const mebibyte = 1024 * 1024;

function define<T>(
  name: string,
  schemaFile: string,
  settings: Partial<Pick<Topic<T>, 'partitions' | 'cleanupPolicy' | 'retentionMs' | 'compatibility' | 'maxMessageBytes'>> = {},
): Topic<T> {
  return {
    name,
    schemaFile,
    partitions: 12,
    cleanupPolicy: 'delete',
    retentionMs: 7 * dayMs,
    compatibility: 'BACKWARD_TRANSITIVE',
    maxMessageBytes: mebibyte,
    ...settings,
  };
}

/** Commands and log entries carry an event as JSON text, which is larger than its Avro form. */
const eventAsTextBytes = 4 * mebibyte;

export const topics = {
  crmEvents: define<CrmEvent>('crm.events', 'crm.events.avsc'),
  workflowEvents: define<CrmEvent>('workflow.events', 'crm.events.avsc'),
  workflowDefinitions: define<WorkflowDefinition>('workflow.definitions', 'workflow.definitions.avsc', {
    partitions: 3,
    cleanupPolicy: 'compact',
    retentionMs: -1,
  }),
  workflowCommands: define<WorkflowCommand>('workflow.commands', 'workflow.commands.avsc', { maxMessageBytes: eventAsTextBytes }),
  executionLog: define<ExecutionLog>('workflow.execution-log', 'workflow.execution-log.avsc', {
    compatibility: 'FULL_TRANSITIVE',
    maxMessageBytes: eventAsTextBytes,
  }),
  crmCommands: define<CrmCommand>('crm.commands', 'crm.commands.avsc'),
} as const;

/** Holds the original bytes of records that can't be handled, for 30 days; room is left for the headers that say why. */
export function deadLetterTopic<T>(topic: Topic<T>): Topic<T> {
  return {
    ...topic,
    name: deadLetterName(topic.name),
    cleanupPolicy: 'delete',
    retentionMs: 30 * dayMs,
    maxMessageBytes: topic.maxMessageBytes + 64 * 1024,
  };
}

/** Also for a name that carries the installation's prefix. */
export function deadLetterName(topicName: string): string {
  return `${topicName}.dead-letter`;
}
