export { ConfigError, parseConfig } from './config.ts';
export { RetryableError, TerminalError } from './errors.ts';
export { type Health, type HealthOptions, type Readiness, startHealth } from './health.ts';
export { createLogger, type Logger } from './logger.ts';
export { type Loop, type LoopOptions, startLoop } from './loop.ts';
export { type Counter, counter, gauge, type Histogram, histogram } from './metrics.ts';
export { aborted, stopSignal } from './stop-signal.ts';
export { startTelemetry, type Telemetry } from './telemetry.ts';
export { currentTraceparent, type SpanOptions, withSpan } from './tracing.ts';
