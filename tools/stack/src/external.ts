import { databaseAnswers, kafkaAnswers, registryAnswers } from './answers.ts';
import type { Part, PartName } from './part.ts';
import { StackError } from './stack-error.ts';

export const addressSettings: Record<PartName, string> = {
  kafka: 'KAFKA_BROKERS',
  registry: 'SCHEMA_REGISTRY_URL',
  database: 'DATABASE_URL',
};

const labels: Record<PartName, string> = { kafka: 'Kafka', registry: 'The schema registry', database: 'The database' };

/** A server that somebody else runs: it is asked whether it answers, and never started or stopped. */
export function createExternalPart(name: PartName, env: NodeJS.ProcessEnv): Part {
  const label = labels[name];
  const address = env[addressSettings[name]];
  if (!address) throw new StackError(`STACK=external needs ${missing(env)} to say where they are.`);
  const answers = () => askExternal(name, address, env);
  const check = async () => {
    if (!(await answers()))
      throw new StackError(`${label} does not answer at ${withoutPassword(address)} (from ${addressSettings[name]}).`);
  };
  const refuse = async () => {
    throw new StackError(`${label} at ${withoutPassword(address)} runs elsewhere: it cannot be killed from here.`);
  };
  return {
    label,
    address,
    runsElsewhere: true,
    isRunning: answers,
    pid: () => null,
    answers,
    check,
    start: check,
    stop: async () => {},
    kill: refuse,
    logs: async () => `(runs elsewhere, at ${withoutPassword(address)})`,
  };
}

function missing(env: NodeJS.ProcessEnv): string {
  return new Intl.ListFormat('en').format(Object.values(addressSettings).filter((setting) => !env[setting]));
}

function askExternal(name: PartName, address: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  if (name === 'registry') {
    const auth = env.SCHEMA_REGISTRY_AUTH;
    return registryAnswers(address, auth ? { authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {});
  }
  if (name === 'database') return databaseAnswers(address, isOn(env.DATABASE_SSL));
  // Behind TLS or SASL the plain question has no answer; the services will say what is wrong.
  if (isOn(env.KAFKA_SSL) || env.KAFKA_SASL_MECHANISM) return Promise.resolve(true);
  return kafkaAnswers(address.split(',')[0] ?? '');
}

function isOn(text: string | undefined): boolean {
  return text !== undefined && ['true', '1', 'yes', 'on'].includes(text.toLowerCase());
}

export function withoutPassword(address: string): string {
  return address.replace(/\/\/([^:/@]+):[^@]*@/, '//$1:…@');
}
