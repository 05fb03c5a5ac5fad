import { check } from '@millrace/workflow';
import { z } from 'zod';
import { type Fault, invalid, notFound } from './problem.ts';
import type { Services } from './services.ts';
import type { Role, State } from './state.ts';

const rowIdSchema = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .transform(Number);

/** What may stand in a path, by the parameter's name. A text that doesn't fit is as if the thing didn't exist. */
export const pathParameters = {
  workflowId: rowIdSchema,
  triggerId: rowIdSchema,
  actionId: rowIdSchema,
  version: rowIdSchema,
  templateId: rowIdSchema,
  taskId: rowIdSchema,
  instanceId: z.string().regex(/^[0-9a-f]{32}$/),
  keyId: rowIdSchema,
  entryId: rowIdSchema,
  secretName: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/),
};

export type PathParameter = keyof typeof pathParameters;

type ParametersOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParametersOf<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** A request as a route sees it: everything in it has been checked. */
export interface RouteRequest<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  state: State;
  /** A header's text; empty where there is none. */
  header(name: string): string;
}

export interface Reply<Body> {
  body: Body;
  headers?: Record<string, string>;
}

/**
 * What a request changes: `rows`, in one transaction with its entry in the audit and the answer kept for its Idempotency-Key;
 * `messages`, whose receivers bear repeats; `events`, which are not audited, as they are nobody's change; or `nothing`.
 */
export type Changes = 'rows' | 'messages' | 'events' | 'nothing';

const nothing = z.undefined();
const noQuery = z.strictObject({});

/** An endpoint as its file writes it down: the schemas that check requests are those that document them. */
export interface RouteSpec<Path extends string, Query extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below /api/v1; each `:name` is one of `pathParameters`. */
  path: Path;
  /** One line, for the documentation. */
  summary: string;
  /** The least role that may use it. */
  role: Role;
  /** An object of the query's parameters, whose values come as texts. None unless given; unknown ones are a fault. */
  query?: Query;
  /** The JSON body. None unless given. */
  body?: Body;
  /** Of the answer when it goes well; 200 unless given. */
  status?: 200 | 201 | 202 | 204;
  /** The answer's JSON body; none unless given. */
  answer?: Answer;
  /** `nothing` for a GET, else `rows`, unless given. */
  changes?: Changes;
  /** Whether it heeds If-Match. */
  ifMatch?: boolean;
  /** Whether it knows a repeat under the same Idempotency-Key itself: then none is refused while another runs. */
  knowsRepeats?: boolean;
  /** Fields of the answer that are null where it is kept: a repeat doesn't get to see them, nor does the audit. */
  shownOnce?: readonly string[];
  handle: (
    request: RouteRequest<
      { [Name in ParametersOf<Path> & PathParameter]: z.output<(typeof pathParameters)[Name]> },
      z.output<Query>,
      z.output<Body>
    >,
    services: Services,
  ) => Promise<Reply<z.input<Answer>>>;
}

/** What a request brings before anything in it is checked. */
export interface RawRequest {
  params: Record<string, string | undefined>;
  query: unknown;
  body: unknown;
  state: State;
  header(name: string): string;
}

/** An endpoint as it is mounted, documented and tested. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: string;
  summary: string;
  role: Role;
  parameters: PathParameter[];
  query: z.ZodType | null;
  body: z.ZodType | null;
  status: number;
  answer: z.ZodType | null;
  changes: Changes;
  ifMatch: boolean;
  knowsRepeats: boolean;
  shownOnce: readonly string[];
  /** Checks the request and answers it. Throws a Problem for what it refuses: 404 for ids that can't be one, 422 with every other fault. */
  run(request: RawRequest, services: Services): Promise<Reply<unknown>>;
}

/** Makes a route of what its file says. */
export function defineRoute<
  const Path extends string,
  Query extends z.ZodType = typeof noQuery,
  Body extends z.ZodType = typeof nothing,
  Answer extends z.ZodType = typeof nothing,
>(spec: RouteSpec<Path, Query, Body, Answer>): Route {
  const parameters = [...spec.path.matchAll(/:(\w+)/g)].map(([, name]) => parameterNamed(name ?? '', spec.path));
  const read = (request: RawRequest) => {
    const params = Object.fromEntries(parameters.map((name) => [name, parameterOf(request, name)]));
    const query = check(spec.query ?? noQuery, request.query);
    const body = spec.body ? check(spec.body, request.body) : { ok: true as const, value: undefined };
    if (query.ok && body.ok) return { ...request, params, query: query.value, body: body.value };
    throw invalid([...faultsOf(query), ...faultsOf(body)]);
  };
  return {
    method: spec.method,
    path: spec.path,
    summary: spec.summary,
    role: spec.role,
    parameters,
    query: spec.query ?? null,
    body: spec.body ?? null,
    status: spec.status ?? 200,
    answer: spec.answer ?? null,
    changes: spec.changes ?? (spec.method === 'get' ? 'nothing' : 'rows'),
    ifMatch: spec.ifMatch ?? false,
    knowsRepeats: spec.knowsRepeats ?? false,
    shownOnce: spec.shownOnce ?? [],
    run: async (request, services) => spec.handle(read(request) as Parameters<typeof spec.handle>[0], services),
  };
}

function parameterNamed(name: string, path: string): PathParameter {
  if (Object.hasOwn(pathParameters, name)) return name as PathParameter;
  throw new TypeError(`Expected each parameter of ${path} to be one of ${Object.keys(pathParameters).join(', ')}, but ${name} is none`);
}

/** 404 where one of a route's ids can't be one. */
export function checkParameters(route: Pick<Route, 'parameters'>, request: Pick<RawRequest, 'params'>): void {
  for (const name of route.parameters) parameterOf(request, name);
}

function parameterOf({ params }: Pick<RawRequest, 'params'>, name: PathParameter): number | string {
  const parsed = pathParameters[name].safeParse(params[name]);
  if (!parsed.success) throw notFound();
  return parsed.data;
}

function faultsOf(checked: { ok: true } | { ok: false; errors: Fault[] }): Fault[] {
  return checked.ok ? [] : checked.errors;
}
