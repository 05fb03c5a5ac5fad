import { z } from 'zod';

export const faultSchema = z.strictObject({
  /** Where in the body or query, e.g. `actions[0].action_type`. */
  path: z.string(),
  code: z.string(),
  message: z.string(),
});

export type Fault = z.output<typeof faultSchema>;

/** The body of every answer that says no, by RFC 9457. */
export const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  /** Stable, snake_case; for programs. */
  code: z.string(),
  /** For people. */
  detail: z.string(),
  errors: z.array(faultSchema).optional(),
  request_id: z.string(),
});

export interface ProblemOptions {
  errors?: Fault[];
  headers?: Record<string, string>;
}

/** An answer that says no, as RFC 9457 has it. `code` is stable; `detail` is for people. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: Fault[] | undefined;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, detail: string, { errors, headers = {} }: ProblemOptions = {}) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }
}

/** The same for what isn't there, what belongs to another tenant, and an id that can't be one. */
export function notFound(): Problem {
  return new Problem(404, 'not_found', 'Expected an existing resource, but there is none here');
}

export function invalid(errors: Fault[]): Problem {
  const count = errors.length === 1 ? '1 fault' : `${errors.length} faults`;
  return new Problem(422, 'invalid', `Expected a valid request, but it has ${count}`, { errors });
}
