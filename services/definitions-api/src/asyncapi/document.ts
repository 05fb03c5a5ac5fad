import { deadLetterTopic, logEntryTypes, readSchema, type Topic, topics } from '@millrace/messages';

type Json = Record<string, unknown>;
type TopicKey = keyof typeof topics;

export interface AsyncApiDocument {
  asyncapi: '3.0.0';
  info: Json;
  defaultContentType: string;
  channels: Record<string, Json>;
  operations: Record<string, Json>;
  components: { messages: Record<string, Json>; schemas: Record<string, Json> };
}

/** What outsiders need to know of a topic that neither its schema nor the topic table says. */
interface About {
  title: string;
  /** Who writes to it and who may read it. */
  summary: string;
  /** What Millrace does with it; `internal`: both ends are Millrace's own services. */
  role: 'sends' | 'receives' | 'both' | 'internal';
  key: string;
  partitioning: string;
}

const byEntity = "All records of one entity lie on one partition, in order; a tenant's on as many as TENANT_SPREAD says (4 unless set).";

/** In the order in which they are shown. */
const abouts: Record<TopicKey, About> = {
  executionLog: {
    title: 'Execution log',
    summary: 'Every transition of every instance, numbered without a gap. For audit, analytics and anyone who wants to know what happened.',
    role: 'sends',
    key: "The tenant's id.",
    partitioning: `${byEntity} An instance's records are therefore in order of seq.`,
  },
  crmEvents: {
    title: 'CRM events',
    summary: "The CRM's facts. Only the CRM writes them, itself or through POST /events.",
    role: 'receives',
    key: "The tenant's id, equal to tenant_id in the record; another key makes a dead letter.",
    partitioning: "Up to the CRM's producer: by key, as Kafka's default partitioner does, keeps the order of a tenant.",
  },
  crmCommands: {
    title: 'CRM commands',
    summary: 'What workflows tell the CRM to do. The CRM applies them and drops a command_id that it has applied.',
    role: 'sends',
    key: "The tenant's id.",
    partitioning: byEntity,
  },
  workflowEvents: {
    title: 'Workflow events',
    summary: 'What workflows themselves cause: events of emit_event, and workflow_completed where some workflow of the tenant listens.',
    role: 'both',
    key: "The tenant's id.",
    partitioning: byEntity,
  },
  workflowDefinitions: {
    title: 'Workflow definitions',
    summary: "Each workflow's newest version; a record without a value follows a deletion.",
    role: 'both',
    key: "<tenant's id>/<workflow's id>: what compaction keeps one record of.",
    partitioning: "A tenant's records lie on one partition.",
  },
  workflowCommands: {
    title: 'Workflow commands',
    summary: "What the executor is told to do, by Millrace's own services. Not a contract: it may change without notice.",
    role: 'internal',
    key: "The tenant's id.",
    partitioning: byEntity,
  },
};

const about = `Millrace's Kafka topics. Values are Avro in Confluent's wire format: a byte 0, the id of the writer's schema as four bytes, big
endian, then the record in Avro's binary encoding. The registry knows each schema under the subject \`<topic>-value\`; the schemas here are
those that this installation writes with. Delivery is at least once: each record says by what a repeat is known.

An operation's \`send\` and \`receive\` are Millrace's: what it sends, others receive.`;

/** The topics in AsyncAPI 3.0, from their schemas and the table of topics; names as the installation with this prefix has them. */
export function createAsyncApi(topicPrefix: string): AsyncApiDocument {
  const document: AsyncApiDocument = {
    asyncapi: '3.0.0',
    info: { title: 'Millrace topics', version: '1', description: about },
    defaultContentType: 'application/vnd.apache.avro+binary',
    channels: {},
    operations: {},
    components: { messages: {}, schemas: {} },
  };
  for (const [key, { title, summary, role, ...more }] of Object.entries(abouts) as [TopicKey, About][]) {
    const topic: Topic<unknown> = topics[key];
    const recordName = addSchema(document, topic);
    const messageName = `${key}Record`;
    document.components.messages[messageName] = messageOf(key, topic, recordName, more.key);
    const description = `${summary}\n\n${more.partitioning}\n\n${keptFor(topic)}`;
    document.channels[key] = channelOf(topic, { title, summary, description, topicPrefix, messageName, role });
    if (role !== 'receives') document.operations[`send-${key}`] = operationOf('send', key, messageName, summary);
    if (role !== 'sends') document.operations[`receive-${key}`] = operationOf('receive', key, messageName, summary);
  }
  addDeadLetters(document, topicPrefix);
  return document;
}

function addSchema({ components }: AsyncApiDocument, topic: Topic<unknown>): string {
  const { schema } = readSchema(topic.schemaFile);
  const { name } = schema as { name: string };
  components.schemas[name] = { schemaFormat: 'application/vnd.apache.avro+json;version=1.9.0', schema };
  return name;
}

function messageOf(key: TopicKey, topic: Topic<unknown>, recordName: string, keyMeaning: string): Json {
  const { doc } = readSchema(topic.schemaFile).schema as { doc?: string };
  return {
    name: recordName,
    title: recordName,
    ...(doc === undefined ? {} : { description: doc }),
    contentType: 'application/vnd.apache.avro+binary',
    headers: { type: 'object', properties: traceHeader },
    payload: { $ref: `#/components/schemas/${recordName}` },
    bindings: {
      kafka: {
        key: { type: 'string', description: keyMeaning },
        schemaIdLocation: 'payload',
        schemaIdPayloadEncoding: 'confluent',
        schemaLookupStrategy: 'TopicIdStrategy',
        bindingVersion: '0.5.0',
      },
    },
    ...(key === 'executionLog' ? { 'x-entry-types': logEntryTypes } : {}),
  };
}

interface ChannelParts {
  title: string;
  summary: string;
  description: string;
  topicPrefix: string;
  messageName: string;
  role: About['role'];
}

function channelOf(topic: Topic<unknown>, { title, summary, description, topicPrefix, messageName, role }: ChannelParts): Json {
  const name = `${topicPrefix}${topic.name}`;
  return {
    address: name,
    title,
    summary,
    description,
    messages: { [messageName]: { $ref: `#/components/messages/${messageName}` } },
    bindings: {
      kafka: {
        topic: name,
        partitions: topic.partitions,
        topicConfiguration: {
          'cleanup.policy': [topic.cleanupPolicy],
          'retention.ms': topic.retentionMs,
          'max.message.bytes': topic.maxMessageBytes,
        },
        bindingVersion: '0.5.0',
      },
    },
    'x-subject': `${name}-value`,
    'x-compatibility': topic.compatibility,
    ...(role === 'internal' ? { 'x-internal': true } : {}),
  };
}

function keptFor({ retentionMs, cleanupPolicy }: Topic<unknown>): string {
  return cleanupPolicy === 'compact' ? 'Compacted: the newest record of each key is kept.' : `Kept for ${retentionMs / 86_400_000} days.`;
}

function operationOf(action: 'send' | 'receive', channel: string, messageName: string, summary: string): Json {
  return {
    action,
    channel: { $ref: `#/channels/${channel}` },
    summary,
    messages: [{ $ref: `#/channels/${channel}/messages/${messageName}` }],
  };
}

const traceHeader = { traceparent: { type: 'string', description: 'W3C Trace Context of what caused the record, where it has one.' } };

/** What readers of dead letters may rely on; each topic has such a topic. */
const deadLetterHeaders = {
  ...traceHeader,
  'dead-letter-origin-topic': { type: 'string', description: 'The topic that it lay in, with the prefix of the installation.' },
  'dead-letter-origin-partition': { type: 'string', description: 'A whole number as text.' },
  'dead-letter-origin-offset': { type: 'string', description: 'A whole number as text.' },
  'dead-letter-reason': { type: 'string', description: 'A stable code such as undecodable.' },
  'dead-letter-message': { type: 'string', description: 'For people, at most 1,000 characters.' },
  'dead-letter-service': { type: 'string', description: 'Which service gave it up.' },
  'dead-letter-at': { type: 'string', format: 'date-time' },
};

function addDeadLetters(document: AsyncApiDocument, topicPrefix: string): void {
  const messageName = 'deadLetter';
  document.components.messages[messageName] = {
    name: 'DeadLetter',
    title: 'Dead letter',
    description: 'A record that can never be handled: its bytes, its key and its own headers as they were. The value need not be Avro.',
    contentType: 'application/octet-stream',
    headers: {
      type: 'object',
      properties: deadLetterHeaders,
      required: Object.keys(deadLetterHeaders).filter((name) => name !== 'traceparent'),
    },
    bindings: { kafka: { key: { type: 'string', description: 'As it was; there may be none.' }, bindingVersion: '0.5.0' } },
  };
  for (const key of Object.keys(abouts) as TopicKey[]) {
    const topic = deadLetterTopic<unknown>(topics[key]);
    const channel = `${key}DeadLetters`;
    const summary = `Records of ${topicPrefix}${topics[key].name} that can never be handled.`;
    const description = `${summary}\n\nUnder the same key and on the same partition number as before.\n\n${keptFor(topic)}`;
    const title = `${abouts[key].title}: dead letters`;
    const {
      'x-subject': _,
      'x-compatibility': __,
      ...own
    } = channelOf(topic, {
      title,
      summary,
      description,
      topicPrefix,
      messageName,
      role: 'sends',
    });
    document.channels[channel] = own;
    document.operations[`send-${channel}`] = operationOf('send', channel, messageName, summary);
  }
}
