import type { ServiceProcess } from './service-process.ts';

/** The sum of a service's metric over its labels; 0 where it has no value yet. */
export async function readMetric({ healthPort }: Pick<ServiceProcess, 'healthPort'>, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();
  const values = text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)`, 'gm'));
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}
