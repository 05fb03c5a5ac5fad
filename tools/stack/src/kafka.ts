import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { kafkaAnswers } from './answers.ts';
import { runCommand } from './commands.ts';
import { download } from './download.ts';
import { findJava } from './java.ts';
import type { NativeServer, NativeSettings } from './native-server.ts';
import { checkPort } from './ports.ts';
import { type ServerProcess, startProcess } from './processes.ts';
import { StackError } from './stack-error.ts';

const artifact = {
  label: 'Apache Kafka 4.1.0 (43 MB)',
  folder: 'kafka-4.1.0',
  coordinates: ['org.apache.kafka:kafka_2.13:4.1.0', 'org.slf4j:slf4j-simple:1.7.36'],
  unpack: false,
};

/** One broker that is its own controller (KRaft). */
export function createKafka({ dir, ports, log }: NativeSettings): NativeServer {
  const address = `127.0.0.1:${ports.kafka}`;
  const home = `${dir}/kafka`;
  const properties = `${home}/server.properties`;
  const server: ServerProcess = { label: 'Kafka', pidFile: `${dir}/kafka.pid`, logFile: `${dir}/kafka.log`, mark: properties };

  return {
    server,
    address,
    answers: () => kafkaAnswers(address),
    check: async () => {
      await checkPort('kafka', ports);
      await checkPort('kafkaController', ports);
    },
    async launch() {
      const [java, libs] = await Promise.all([findJava(17), download(artifact, log)]);
      mkdirSync(home, { recursive: true });
      writeFileSync(properties, serverProperties(home, ports.kafka, ports.kafkaController));
      const classPath = ['-cp', `${libs}/*`];
      if (!existsSync(`${home}/data/meta.properties`)) {
        const format = [
          '-Xmx64m',
          '-XX:TieredStopAtLevel=1',
          ...classPath,
          'kafka.tools.StorageTool',
          'format',
          '-t',
          clusterId(),
          '-c',
          properties,
        ];
        const { ok, output } = await runCommand(java, format, { cwd: home });
        if (!ok) throw new StackError(`Expected Kafka's storage to be formatted, but ${output.trim()}`);
      }
      const memory = ['-Xms256m', '-Xmx512m', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20'];
      const logging = ['-Dorg.slf4j.simpleLogger.showDateTime=true', '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS'];
      startProcess(server, java, [...memory, ...logging, ...classPath, 'kafka.Kafka', properties], { cwd: home });
    },
  };
}

function clusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? clusterId() : id;
}

function serverProperties(home: string, port: number, controllerPort: number): string {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'log.dirs': `${home}/data`,
    'num.partitions': 12,
    'auto.create.topics.enable': false,
    'offsets.topic.num.partitions': 3,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 3,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.cleaner.dedupe.buffer.size': 16 << 20,
    // Tests make and delete many topics, and each partition holds files open: they go at once, not after a minute.
    'log.segment.delete.delay.ms': 1_000,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
