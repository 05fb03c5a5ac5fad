import { RetryableError } from '@millrace/runtime';
import { z } from 'zod';
import { acceptEvents, type EventResult, eventResultSchema } from '../event-ingress.ts';
import { eventSchema, listedEventSchema } from '../event-request.ts';
import { invalid } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';

const mostEvents = 1_000;
const count = z.number().int().min(0);

/** `POST /events`: the CRM's events for those who have no Kafka client. */
export const eventRoutes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/events',
    summary: 'Send one event, or a list of at most 1,000 of which each gets its own result',
    role: 'operator',
    body: z.union([eventSchema, z.array(listedEventSchema).min(1).max(mostEvents)]),
    status: 202,
    changes: 'events',
    answer: z.strictObject({ accepted: count, rejected: count, unavailable: count, results: z.array(eventResultSchema) }),
    handle: async ({ body, state }, services) => {
      const results = await acceptEvents(Array.isArray(body) ? body : [body], state.identity.tenantId, services);
      const [first] = results;
      if (!Array.isArray(body) && first?.status === 'rejected') throw invalid(first.errors ?? []);
      const counts = countsOf(results);
      if (counts.unavailable === results.length) {
        throw new RetryableError('kafka_unavailable', 'Expected Kafka to take the events, but it does not answer; send them again');
      }
      return { body: { ...counts, results } };
    },
  }),
];

function countsOf(results: readonly EventResult[]): Record<EventResult['status'], number> {
  const counts = { accepted: 0, rejected: 0, unavailable: 0 };
  for (const { status } of results) counts[status] += 1;
  return counts;
}
