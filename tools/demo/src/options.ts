import { parseArgs } from 'node:util';
import { type ServiceName, serviceNames } from './supervisor.ts';

export interface DemoOptions {
  /** Distinct valid events; repeats and unreadable messages come on top. */
  events: number;
  json: boolean;
  /** Events a second; null: as fast as they go. */
  rate: number | null;
  seed: number;
  /** Services that are ended with SIGKILL once in the middle of the stream. */
  kill: ServiceName[];
}

export const usage = `Usage: npm run demo -- [options]
  --events N        distinct events to stream (default 2000)
  --rate N          events a second (default: as fast as they go)
  --seed N          of the generated leads and events (default 7)
  --kill SERVICE    end a service with kill -9 in the middle of the stream (${serviceNames.join(', ')}; may be repeated)
  --json            one JSON object on the last line instead of the table`;

/** Throws an Error with one sentence for the user. */
export function parseOptions(args: string[]): DemoOptions | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      events: { type: 'string', default: '2000' },
      rate: { type: 'string' },
      seed: { type: 'string', default: '7' },
      kill: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    events: wholeNumber('--events', values.events),
    rate: values.rate === undefined ? null : wholeNumber('--rate', values.rate),
    seed: wholeNumber('--seed', values.seed),
    kill: values.kill.map((name) => {
      const service = serviceNames.find((candidate) => candidate === name);
      if (service === undefined) throw new Error(`Expected --kill to name one of ${serviceNames.join(', ')}, but got ${name}`);
      return service;
    }),
    json: values.json,
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 5_000_000)
    throw new Error(`Expected ${name} to be a whole number from 1 on, but got ${text}`);
  return value;
}
