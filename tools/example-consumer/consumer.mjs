// Follows the execution log of Millrace and keeps what became of each instance, with nothing but Kafka's and the registry's
// own clients. Needs Node 22.13 or later:
//
//   npm install kafkajs@2.2.4 @kafkajs/confluent-schema-registry@4.1.0
//   KAFKA_BROKERS=localhost:9092 SCHEMA_REGISTRY_URL=http://localhost:8081 DATABASE_FILE=instances.db node consumer.mjs
//
// TOPIC and GROUP_ID may be set too. docs/execution-log.md says what each entry means.
import { DatabaseSync } from 'node:sqlite';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import kafkajs from 'kafkajs';

const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_FILE } = process.env;
const { TOPIC = 'workflow.execution-log', GROUP_ID = 'execution-log-example' } = process.env;
if (!KAFKA_BROKERS || !SCHEMA_REGISTRY_URL || !DATABASE_FILE) {
  console.error('Expected KAFKA_BROKERS, SCHEMA_REGISTRY_URL and DATABASE_FILE to be set');
  process.exit(1);
}

const database = new DatabaseSync(DATABASE_FILE);
database.exec(`CREATE TABLE IF NOT EXISTS instances (
  tenant_id TEXT NOT NULL, instance_id TEXT NOT NULL, workflow_id INTEGER, entity TEXT NOT NULL, last_seq INTEGER NOT NULL,
  status TEXT, completed INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0,
  started_at INTEGER, ended_at INTEGER, PRIMARY KEY (tenant_id, instance_id))`);
const find = database.prepare('SELECT * FROM instances WHERE tenant_id = ? AND instance_id = ?');
const save = database.prepare(`REPLACE INTO instances VALUES (:tenant_id, :instance_id, :workflow_id, :entity, :last_seq, :status,
  :completed, :failed, :skipped, :started_at, :ended_at)`);

/** One entry's part in what became of its instance. A type that isn't named here changes nothing: types are added now and then. */
function apply(instance, entry) {
  switch (entry.type) {
    case 'instance_started':
      return { ...instance, status: entry.status, started_at: Number(entry.at) };
    case 'retry_requested':
    case 'run_retried':
      return { ...instance, status: entry.status, ended_at: null };
    case 'instance_completed':
    case 'instance_failed':
    case 'instance_cancelled':
      return { ...instance, status: entry.status, ended_at: Number(entry.at) };
    case 'action_completed':
      return { ...instance, completed: instance.completed + 1 };
    case 'action_failed':
    case 'action_unknown':
      return { ...instance, failed: instance.failed + 1 };
    case 'action_skipped':
      return { ...instance, skipped: instance.skipped + 1 };
    default:
      return instance;
  }
}

/** Takes the entries of one record that are new. Those that came before have a seq that the instance has passed. */
function take({ tenant_id, instance_id, workflow_id, entity_type, entity_id, entries }) {
  const unknown = { tenant_id, instance_id, entity: `${entity_type}/${entity_id}`, last_seq: 0, status: null, started_at: null };
  const known = find.get(tenant_id, instance_id) ?? { ...unknown, completed: 0, failed: 0, skipped: 0, ended_at: null };
  const before = { ...known, workflow_id: workflow_id === null ? null : Number(workflow_id) };
  const fresh = entries.filter(({ seq }) => seq > before.last_seq).sort((a, b) => a.seq - b.seq);
  if (fresh.length === 0) return;
  // The topic keeps its records for some days: of an older instance the beginning may be gone.
  if (fresh[0].seq > before.last_seq + 1) console.log(JSON.stringify({ gap: { instance_id, after: before.last_seq, next: fresh[0].seq } }));
  const after = { ...fresh.reduce(apply, before), last_seq: fresh.at(-1).seq };
  save.run(after);
  if (after.ended_at !== before.ended_at && after.ended_at !== null) console.log(JSON.stringify({ ended: after }));
}

const { SASL_MECHANISM: mechanism, SASL_USERNAME: username = '', SASL_PASSWORD: password = '' } = process.env;
const kafka = new kafkajs.Kafka({
  clientId: GROUP_ID,
  brokers: KAFKA_BROKERS.split(','),
  logLevel: kafkajs.logLevel.WARN,
  ...(mechanism ? { ssl: true, sasl: { mechanism, username, password } } : {}),
});
const registry = new SchemaRegistry({ host: SCHEMA_REGISTRY_URL.replace(/\/$/, '') });
const consumer = kafka.consumer({ groupId: GROUP_ID, sessionTimeout: 10_000 });

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, async () => {
    await consumer.disconnect();
    process.exit(0);
  });
}
consumer.on(consumer.events.CRASH, ({ payload }) => {
  if (!payload.restart) process.exit(1);
});

await consumer.connect();
await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
await consumer.run({
  eachBatchAutoResolve: false,
  eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
    const records = await Promise.all(batch.messages.map(({ value }) => (value === null ? null : registry.decode(value))));
    // What is taken is durable before its offset is: after a crash in between it comes again, and is known.
    database.exec('BEGIN');
    try {
      for (const record of records) if (record !== null) take(record);
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
    resolveOffset(batch.lastOffset());
    await heartbeat();
  },
});
console.log(JSON.stringify({ following: TOPIC }));
