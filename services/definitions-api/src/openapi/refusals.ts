import type { Route } from '../route.ts';
import type { JsonSchema } from './json-schemas.ts';

interface Refusal {
  description: string;
  headers?: string[];
  when: (route: Route) => boolean;
}

const always = () => true;
const hasBody = ({ body }: Route) => body !== null;
const hasParameters = ({ parameters }: Route) => parameters.length > 0;

/** Every status that says no, and which routes may answer it. */
const refusals: Record<string, Refusal> = {
  400: { description: 'The request is malformed: a header, or a body that is not JSON.', when: always },
  401: { description: 'Nobody knows who asks.', headers: ['WWW-Authenticate'], when: always },
  403: { description: 'Who asks may not do this.', when: always },
  404: { description: 'There is none, or it is another tenant’s.', when: hasParameters },
  409: {
    description: 'It is not in a state for this, or a name is taken.',
    headers: ['Retry-After'],
    when: ({ method }) => method !== 'get',
  },
  412: { description: 'It is no longer at the version named in If-Match.', when: ({ ifMatch }) => ifMatch },
  413: { description: 'The body is larger than 1 MB.', when: hasBody },
  415: { description: 'The body is said to be something else than JSON.', when: hasBody },
  422: { description: 'Something in the body or the query is at fault; `errors` names each place.', when: always },
  429: { description: 'The tenant makes too many requests.', headers: ['Retry-After'], when: always },
  500: { description: 'Something went wrong; the request id finds it in the log.', when: always },
  503: { description: 'The database, Kafka or the issuer of tokens is away.', headers: ['Retry-After'], when: always },
};

/** The refusals that a route may answer, by status. */
export function refusalsOf(route: Route): Record<string, JsonSchema> {
  const statuses = Object.entries(refusals).flatMap(([status, { when }]) => (when(route) ? [status] : []));
  return Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/${status}` }]));
}

/** The refusals as components. */
export function refusalComponents(): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(refusals).map(([status, { description, headers = [] }]) => [
      status,
      {
        description,
        ...(headers.length > 0
          ? { headers: Object.fromEntries(headers.map((name) => [name, { $ref: `#/components/headers/${name}` }])) }
          : {}),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}
