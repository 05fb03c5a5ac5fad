import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { StackError } from './stack-error.ts';

export interface StackPorts {
  kafka: number;
  kafkaController: number;
  registry: number;
  database: number;
}

const parts: Record<keyof StackPorts, { label: string; setting: string; port: number }> = {
  kafka: { label: "Kafka's", setting: 'KAFKA_PORT', port: 19092 },
  kafkaController: { label: "Kafka's controller", setting: 'KAFKA_CONTROLLER_PORT', port: 19093 },
  registry: { label: "The schema registry's", setting: 'REGISTRY_PORT', port: 18081 },
  database: { label: "The database's", setting: 'DATABASE_PORT', port: 13306 },
};
const names = Object.keys(parts) as (keyof StackPorts)[];

/** The ports by KAFKA_PORT, KAFKA_CONTROLLER_PORT, REGISTRY_PORT and DATABASE_PORT, else the usual ones. */
export function configuredPorts(env: NodeJS.ProcessEnv): StackPorts {
  return collect((name) => {
    const text = env[parts[name].setting];
    const port = text ? Number(text) : parts[name].port;
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new StackError(`Expected ${parts[name].setting} to be a port from 1 to 65535, but it is "${text}".`);
    }
    return port;
  });
}

/** Ports which nobody listens on, below the range that the system gives to outgoing connections. */
export async function freePorts(): Promise<StackPorts> {
  const taken = new Set<number>();
  const find = async (): Promise<number> => {
    const port = randomInt(20_000, 32_000);
    if (taken.has(port) || !(await isFree(port))) return find();
    taken.add(port);
    return port;
  };
  return { kafka: await find(), kafkaController: await find(), registry: await find(), database: await find() };
}

/** Throws, by name, when someone else listens on the port. */
export async function checkPort(name: keyof StackPorts, ports: StackPorts): Promise<void> {
  if (await isFree(ports[name])) return;
  throw new StackError(`${parts[name].label} port ${ports[name]} is in use; set ${parts[name].setting} to another.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function collect(value: (name: keyof StackPorts) => number): StackPorts {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as unknown as StackPorts;
}
