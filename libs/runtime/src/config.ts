import type { z } from 'zod';

/** A service's settings are wrong; the message lists every fault, one a line. */
export class ConfigError extends Error {
  constructor(faults: readonly string[]) {
    super(`Expected valid settings, but:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    // What is wrong stands in the message; where it was found helps nobody.
    this.stack = this.message;
  }
}

/** Parses settings from an environment. An empty text counts as unset. Throws one ConfigError that names all faults. */
export function parseConfig<S extends z.ZodType>(schema: S, env: Record<string, string | undefined>): z.output<S> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`));
}
