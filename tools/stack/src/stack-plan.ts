import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createDatabase } from './database.ts';
import { createDockerParts, dockerAnswers } from './docker.ts';
import { addressSettings, createExternalPart } from './external.ts';
import { createKafka } from './kafka.ts';
import { createNativePart } from './native-server.ts';
import { type Part, type PartName, partNames } from './part.ts';
import { configuredPorts, freePorts, type StackPorts } from './ports.ts';
import { createRegistry } from './registry.ts';
import { StackError } from './stack-error.ts';

export const stackKinds = ['native', 'docker', 'external'] as const;
export type StackKind = (typeof stackKinds)[number];

export interface PlanOptions {
  dir: string;
  ports?: 'free' | Partial<StackPorts>;
  env: NodeJS.ProcessEnv;
  log: (line: string) => void;
}

/** How a stack runs, or would: written to its folder when it is started. */
export interface StackPlan {
  kind: StackKind;
  ports: StackPorts;
}

/** As the stack was last started; null where it never was. */
export function recordedPlan(dir: string): StackPlan | null {
  const file = `${dir}/stack.json`;
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as StackPlan) : null;
}

export function recordPlan(dir: string, { kind, ports }: StackPlan): void {
  writeFileSync(`${dir}/stack.json`, `${JSON.stringify({ kind, ports })}\n`);
}

/** Settings say what is wanted, but a part that runs already keeps the port that it has. */
export async function planStart(options: PlanOptions): Promise<StackPlan> {
  const { dir, env, log } = options;
  const recorded = recordedPlan(dir);
  const kind = await chooseKind(env, recorded);
  const wanted = await choosePorts(options, recorded);
  if (recorded === null || recorded.kind !== kind) return { kind, ports: wanted };
  const parts = createParts(recorded, dir, env, log);
  const ports = { ...wanted };
  for (const name of partNames) if (await parts[name].isRunning()) ports[name] = recorded.ports[name];
  if (ports.kafka === recorded.ports.kafka) ports.kafkaController = recorded.ports.kafkaController;
  return { kind, ports };
}

/** `STACK`, else external when every address is given, else what the stack was before, else Docker where an engine answers. */
export async function chooseKind(env: NodeJS.ProcessEnv, recorded: StackPlan | null): Promise<StackKind> {
  const asked = env.STACK;
  if (asked) {
    const kind = stackKinds.find((name) => name === asked);
    if (kind === undefined) throw new StackError(`Expected STACK to be ${stackKinds.join(', ')}, but it is "${asked}".`);
    return kind;
  }
  if (partNames.every((name) => env[addressSettings[name]])) return 'external';
  if (recorded !== null) return recorded.kind;
  return (await dockerAnswers()) ? 'docker' : 'native';
}

export async function choosePorts({ ports = {}, env }: PlanOptions, recorded: StackPlan | null): Promise<StackPorts> {
  if (ports === 'free') return recorded?.ports ?? freePorts();
  return { ...configuredPorts(env), ...ports };
}

/** A shell gives back what `env` said: an address that is the stack's own is nobody else's server. */
export function withoutOwnAddresses(env: NodeJS.ProcessEnv, dir: string): NodeJS.ProcessEnv {
  const recorded = recordedPlan(dir);
  if (recorded === null || recorded.kind === 'external' || env.STACK === 'external') return env;
  const own = createParts(recorded, dir, {}, () => {});
  const given = partNames.filter((name) => env[addressSettings[name]] === own[name].address).map((name) => addressSettings[name]);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !given.includes(name)));
}

/** The parts of the stack; one whose address is in the environment runs elsewhere in any kind of stack. */
export function createParts(plan: StackPlan, dir: string, env: NodeJS.ProcessEnv, log: (line: string) => void): Record<PartName, Part> {
  const own =
    plan.kind === 'docker' ? createDockerParts({ dir, ports: plan.ports, log }) : createNativeParts({ dir, ports: plan.ports, log });
  const parts = partNames.map((name): [PartName, Part] => {
    const elsewhere = plan.kind === 'external' || Boolean(env[addressSettings[name]]);
    return [name, elsewhere ? createExternalPart(name, env) : own[name]];
  });
  return Object.fromEntries(parts) as Record<PartName, Part>;
}

function createNativeParts(settings: { dir: string; ports: StackPorts; log: (line: string) => void }): Record<PartName, Part> {
  return {
    kafka: createNativePart(createKafka(settings), settings.log),
    registry: createNativePart(createRegistry(settings), settings.log),
    database: createNativePart(createDatabase(settings), settings.log),
  };
}
