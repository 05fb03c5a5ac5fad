import { createHash } from 'node:crypto';
import { databaseAnswers, kafkaAnswers, registryAnswers } from './answers.ts';
import { findCommand, runCommand } from './commands.ts';
import type { Part, PartName } from './part.ts';
import { checkPort, type StackPorts } from './ports.ts';
import { projectDir } from './project.ts';
import { StackError } from './stack-error.ts';

/** True where a Docker engine and its Compose plug-in answer. */
export async function dockerAnswers(): Promise<boolean> {
  const [engine, compose] = await Promise.all([
    runCommand('docker', ['info', '--format', '{{.ServerVersion}}'], { timeoutMs: 5_000 }),
    runCommand('docker', ['compose', 'version'], { timeoutMs: 5_000 }),
  ]);
  return engine.ok && compose.ok;
}

interface DockerSettings {
  dir: string;
  ports: StackPorts;
  log: (line: string) => void;
}

/** The three servers of docker-compose.yml, in a Compose project of this stack's own. */
export function createDockerParts({ dir, ports, log }: DockerSettings): Record<PartName, Part> {
  const compose = composeFor(dir, ports);
  const create = (name: PartName, label: string, address: string, answers: () => Promise<boolean>): Part => {
    const isRunning = async () => (await compose(['ps', '--status', 'running', '--quiet', name])).trim() !== '';
    const check = async () => {
      if (!(await isRunning())) await checkPort(name, ports);
    };
    return {
      label,
      address,
      runsElsewhere: false,
      isRunning,
      pid: () => null,
      answers,
      check,
      async start() {
        await check();
        log(`starting ${label} in Docker`);
        await compose(['up', '--detach', '--wait', '--no-deps', name]);
      },
      stop: async () => void (await compose(['stop', name])),
      kill: async () => void (await compose(['kill', '--signal', 'SIGKILL', name])),
      logs: (lines) => compose(['logs', '--tail', String(lines), name]),
    };
  };
  const registryUrl = `http://127.0.0.1:${ports.registry}/apis/ccompat/v7`;
  const databaseUrl = `mysql://millrace:millrace@127.0.0.1:${ports.database}/millrace`;
  return {
    kafka: create('kafka', 'Kafka', `127.0.0.1:${ports.kafka}`, () => kafkaAnswers(`127.0.0.1:${ports.kafka}`)),
    registry: create('registry', 'The schema registry', registryUrl, () => registryAnswers(registryUrl)),
    database: create('database', 'The database', databaseUrl, () => databaseAnswers(databaseUrl)),
  };
}

/** Removes the containers and their data. */
export async function removeDockerStack(dir: string, ports: StackPorts): Promise<void> {
  await composeFor(dir, ports)(['down', '--volumes', '--timeout', '10']);
}

function composeFor(dir: string, ports: StackPorts): (args: string[]) => Promise<string> {
  const project = `millrace-stack-${createHash('sha256').update(dir).digest('hex').slice(0, 8)}`;
  const env = {
    ...process.env,
    KAFKA_PORT: String(ports.kafka),
    REGISTRY_PORT: String(ports.registry),
    DATABASE_PORT: String(ports.database),
  };
  return async (args) => {
    const all = ['compose', '--project-name', project, '--file', `${projectDir}/docker-compose.yml`, ...args];
    const { ok, output } = await runCommand('docker', all, { env });
    if (ok) return output;
    if (!(await dockerAnswers())) throw new StackError(dockerMissing());
    throw new StackError(`Expected \`docker ${all.join(' ')}\` to succeed, but ${output.trim()}`);
  };
}

function dockerMissing(): string {
  const command = findCommand('brew') ? 'brew install --cask docker' : 'curl -fsSL https://get.docker.com | sh';
  const what = findCommand('docker')
    ? 'its engine and its Compose plug-in do not answer: start it, or install it'
    : 'it was not found: install it';
  return `Docker is needed to run the stack in it, but ${what} with \`${command}\`, or set STACK=native.`;
}
