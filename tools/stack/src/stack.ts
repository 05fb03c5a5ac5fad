import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { withLock } from '../../bootstrap/lock.mjs';
import { removeDockerStack } from './docker.ts';
import { type Part, type PartName, partNames } from './part.ts';
import type { StackPorts } from './ports.ts';
import {
  chooseKind,
  choosePorts,
  createParts,
  planStart,
  recordedPlan,
  recordPlan,
  type StackPlan,
  withoutOwnAddresses,
} from './stack-plan.ts';

/** A stack in its folder, running or not. */
export interface Stack extends StackPlan {
  dir: string;
  parts: Record<PartName, Part>;
  /** Where the API of services on this stack is expected. */
  apiUrl: string;
}

export interface StackOptions {
  /** Data, logs and pids; two stacks are apart when their folders are. */
  dir: string;
  /** `free`: any that are free when the folder is first used, the same ones ever after. Default: by KAFKA_PORT and the like. */
  ports?: 'free' | Partial<StackPorts>;
  log?: (line: string) => void;
  /** Where settings are read from (default: process.env). */
  env?: NodeJS.ProcessEnv;
}

/** Describes the stack of a folder without starting anything: as it was last started, else as it would be. */
export async function openStack(options: StackOptions): Promise<Stack> {
  const full = withDefaults(options);
  const recorded = recordedPlan(full.dir);
  const kind = await chooseKind(full.env, recorded);
  return describe(full, { kind, ports: recorded?.ports ?? (await choosePorts(full, null)) });
}

/** Starts what is not running and returns once Kafka, the registry and the database answer. On failure, what this call started is stopped. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const full = withDefaults(options);
  mkdirSync(full.dir, { recursive: true });
  const onWait = (pid: number) => full.log(`waiting for process ${pid}, which starts this stack as well`);
  return withLock(`${full.dir}/up.lock`, onWait, async () => {
    const stack = describe(full, await planStart(full));
    const parts = partNames.map((name) => stack.parts[name]);
    const stopped: Part[] = [];
    for (const part of parts) {
      if (!(await part.isRunning())) stopped.push(part);
      await part.check();
    }
    recordPlan(full.dir, stack);
    const results = await Promise.allSettled(parts.map((part) => part.start()));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure === undefined) return stack;
    await Promise.all(stopped.map((part) => part.stop()));
    throw failure.reason;
  });
}

/** Stops the stack's servers, gracefully; the data stay. */
export async function stopStack(stack: Stack): Promise<void> {
  await Promise.all(partNames.map((name) => stack.parts[name].stop()));
}

/** Ends the stack at once and deletes its folder. */
export async function removeStack(stack: Stack): Promise<void> {
  if (stack.kind === 'docker') await removeDockerStack(stack.dir, stack.ports);
  else await Promise.all(partNames.map((name) => stack.parts[name]).map((part) => (part.runsElsewhere ? undefined : part.kill())));
  rmSync(stack.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

export type PartState = 'answering' | 'running' | 'stopped';

/** What each part is doing: `running` is a process that does not answer yet. */
export async function stackStatus(stack: Stack): Promise<Record<PartName, PartState>> {
  const states = await Promise.all(partNames.map(async (name) => [name, await partState(stack.parts[name])] as const));
  return Object.fromEntries(states) as Record<PartName, PartState>;
}

/** The settings with which services and clients find the stack. */
export function stackEnv(stack: Stack): Record<'KAFKA_BROKERS' | 'SCHEMA_REGISTRY_URL' | 'DATABASE_URL' | 'API_URL', string> {
  const { kafka, registry, database } = stack.parts;
  return { KAFKA_BROKERS: kafka.address, SCHEMA_REGISTRY_URL: registry.address, DATABASE_URL: database.address, API_URL: stack.apiUrl };
}

/** kill −9 of one part. */
export const killPart = (stack: Stack, name: PartName): Promise<void> => stack.parts[name].kill();
/** Stops one part gracefully. */
export const stopPart = (stack: Stack, name: PartName): Promise<void> => stack.parts[name].stop();
/** Starts one part on the same port with the data that it had; returns once it answers. */
export const startPart = (stack: Stack, name: PartName): Promise<void> => stack.parts[name].start();

async function partState(part: Part): Promise<PartState> {
  if (!(await part.isRunning())) return 'stopped';
  return (await part.answers()) ? 'answering' : 'running';
}

type FullOptions = StackOptions & { log: (line: string) => void; env: NodeJS.ProcessEnv };

function withDefaults(options: StackOptions): FullOptions {
  const dir = resolve(options.dir);
  return { ...options, dir, log: options.log ?? (() => {}), env: withoutOwnAddresses(options.env ?? process.env, dir) };
}

function describe({ dir, env, log }: FullOptions, { kind, ports }: StackPlan): Stack {
  const parts = createParts({ kind, ports }, dir, env, log);
  return { dir, kind, ports, parts, apiUrl: `http://127.0.0.1:${env.API_PORT || 8080}` };
}
