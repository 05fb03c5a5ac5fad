import type { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import type { Admin, IHeaders, Kafka } from 'kafkajs';
import type { DeadLetterRecord } from './accounts.ts';
import { type CrmCommandRecord, type CrmDesk, createCrmDesk } from './crm-desk.ts';
import { startTopicReader } from './topic-reader.ts';

const deadLetterOrigins = [
  'crm.events',
  'workflow.events',
  'workflow.definitions',
  'workflow.commands',
  'workflow.execution-log',
  'crm.commands',
];

export interface DemoCrm extends AsyncDisposable {
  desk: CrmDesk;
  /** Those of the run's tenants, of every topic, by their records' keys. */
  deadLetters: DeadLetterRecord[];
  /** Set when a reader gave up. */
  failure(): Error | null;
}

export interface DemoCrmOptions {
  kafka: Kafka;
  admin: Admin;
  registry: SchemaRegistry;
  topicPrefix: string;
  runId: string;
  tenantIds: string[];
}

/** The CRM's reading side: applies `crm.commands` of its tenants, and watches the dead-letter topics. */
export async function startDemoCrm({ kafka, admin, registry, topicPrefix, runId, tenantIds }: DemoCrmOptions): Promise<DemoCrm> {
  const tenants = new Set(tenantIds);
  const desk = createCrmDesk();
  const deadLetters: DeadLetterRecord[] = [];
  let failure: Error | null = null;
  const onCrash = (error: Error) => {
    failure = error;
  };
  await using starting = new AsyncDisposableStack();
  starting.use(
    await startTopicReader({
      kafka,
      admin,
      groupId: `demo-${runId}-crm`,
      topics: [`${topicPrefix}crm.commands`],
      onCrash,
      onMessage: async ({ key, value }) => {
        if (value === null || !tenants.has(String(key))) return;
        desk.apply((await registry.decode(value)) as CrmCommandRecord);
      },
    }),
  );
  starting.use(
    await startTopicReader({
      kafka,
      admin,
      groupId: `demo-${runId}-dead-letters`,
      topics: deadLetterOrigins.map((topic) => `${topicPrefix}${topic}.dead-letter`),
      onCrash,
      onMessage: ({ key, headers }) => {
        const tenantId = String(key).split('/')[0] ?? '';
        if (!tenants.has(tenantId)) return;
        deadLetters.push({
          originTopic: readHeader(headers, 'dead-letter-origin-topic'),
          mark: readHeader(headers, 'demo-poison'),
          reason: readHeader(headers, 'dead-letter-reason'),
        });
      },
    }),
  );
  const readers = starting.move();
  return { desk, deadLetters, failure: () => failure, [Symbol.asyncDispose]: () => readers.disposeAsync() };
}

function readHeader(headers: IHeaders | undefined, name: string): string {
  const value = headers?.[name];
  return value === undefined ? '' : String(Array.isArray(value) ? value[0] : value);
}
