import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  isSpanContextValid,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

const tracer = trace.getTracer('millrace');
const carried = new AsyncLocalStorage<string | undefined>();

const pattern = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

export interface SpanOptions {
  /** The parent, as it came in a header. A malformed one is ignored. */
  traceparent?: string | undefined;
  /** Further parents of a batch. */
  links?: readonly (string | undefined)[];
}

function parseTraceparent(text: string | undefined): SpanContext | undefined {
  const match = text === undefined ? null : pattern.exec(text);
  if (match === null) return undefined;
  const context = { traceId: match[1] ?? '', spanId: match[2] ?? '', traceFlags: Number.parseInt(match[3] ?? '0', 16), isRemote: true };
  return isSpanContextValid(context) ? context : undefined;
}

function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** What to put into the `traceparent` header of what is sent now; undefined outside of any trace. Passed on even where nothing is exported. */
export function currentTraceparent(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span !== undefined && isSpanContextValid(span) ? formatTraceparent(span) : carried.getStore();
}

/** Runs `fn` in a span; the span ends when the promise settles. An error is recorded and thrown on. */
export function withSpan<T>(name: string, { traceparent, links = [] }: SpanOptions, fn: (span: Span) => Promise<T>): Promise<T> {
  const parent = parseTraceparent(traceparent);
  const context: Context | undefined = parent === undefined ? undefined : trace.setSpanContext(ROOT_CONTEXT, parent);
  const spanLinks: Link[] = links.flatMap((text) => {
    const linked = parseTraceparent(text);
    return linked === undefined ? [] : [{ context: linked }];
  });
  const run = async (span: Span) => {
    try {
      return await fn(span);
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  };
  const start = () => {
    if (context === undefined) return tracer.startActiveSpan(name, { links: spanLinks }, run);
    return tracer.startActiveSpan(name, { links: spanLinks }, context, run);
  };
  return parent === undefined ? start() : carried.run(traceparent, start);
}
