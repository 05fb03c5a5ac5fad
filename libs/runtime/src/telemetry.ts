import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerMetrics } from './metrics.ts';
import { registerProcessMetrics } from './process-metrics.ts';

export interface Telemetry extends AsyncDisposable {
  metricsHandler(request: IncomingMessage, response: ServerResponse): void;
}

/** Traces are exported only where the usual settings ask for it: the SDK costs memory that an idle service doesn't need. */
function tracingConfigured(env: NodeJS.ProcessEnv): boolean {
  if (env.OTEL_SDK_DISABLED === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return false;
  return Boolean(env.OTEL_TRACES_EXPORTER || env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
}

/** Starts OpenTelemetry by the OTEL_* settings; without any, only metrics are kept, for /metrics. Disposing flushes the spans. */
export async function startTelemetry(service: string): Promise<Telemetry> {
  registerProcessMetrics();
  let shutdown: () => Promise<void> = async () => {};
  if (tracingConfigured(process.env)) {
    const { NodeSDK } = await import('@opentelemetry/sdk-node');
    const sdk = new NodeSDK({
      serviceName: process.env.OTEL_SERVICE_NAME ?? `millrace-${service}`,
      instrumentations: [],
      metricReaders: [],
    });
    sdk.start();
    shutdown = () => sdk.shutdown().catch(() => {});
  }
  return { metricsHandler: answerMetrics, [Symbol.asyncDispose]: () => shutdown() };
}
