import { type Logger, pino } from 'pino';

export type { Logger };

/** JSON lines on standard output, each with the service's name. Object first, then a fixed lower-case message. */
export function createLogger(service: string, level = 'info'): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: pino.stdSerializers.errWithCause, error: pino.stdSerializers.errWithCause },
  });
}
