export interface Example {
  body?: unknown;
  query?: Record<string, string | number | boolean>;
}

/** A request to each endpoint that takes more than a path, by operation id. The tests send them. */
export const examples: Record<string, Example> = {};
