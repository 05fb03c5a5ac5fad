import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Attributes, Meter } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

const exporter = new PrometheusExporter({ preventServerStart: true });
const provider = new MeterProvider({ readers: [exporter] });
const meter: Meter = provider.getMeter('millrace');

export interface Counter {
  add(n?: number, attributes?: Attributes): void;
}

export interface Histogram {
  record(value: number, attributes?: Attributes): void;
}

/** Counts upwards; may be created before startTelemetry. */
export function counter(name: string, help: string): Counter {
  const instrument = meter.createCounter(name, { description: help });
  return { add: (n = 1, attributes) => instrument.add(n, attributes) };
}

/** Reads its value when the metrics are read. */
export function gauge(name: string, help: string, read: () => number): void {
  meter.createObservableGauge(name, { description: help }).addCallback((result) => result.observe(read()));
}

/** Like gauge, for a value that only grows. */
export function totalGauge(name: string, help: string, read: () => number): void {
  meter.createObservableCounter(name, { description: help }).addCallback((result) => result.observe(read()));
}

/** `buckets` are upper bounds in the unit of the name. */
export function histogram(name: string, help: string, buckets?: number[]): Histogram {
  const instrument = meter.createHistogram(name, {
    description: help,
    ...(buckets === undefined ? {} : { advice: { explicitBucketBoundaries: buckets } }),
  });
  return { record: (value, attributes) => instrument.record(value, attributes) };
}

/** Answers with all metrics as Prometheus text. */
export function answerMetrics(request: IncomingMessage, response: ServerResponse): void {
  exporter.getMetricsRequestHandler(request, response);
}
