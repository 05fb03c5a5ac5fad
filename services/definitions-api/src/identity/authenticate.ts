import type { Identity } from '../state.ts';

/** A request's header by its name; empty where there is none. */
export type HeaderOf = (name: string) => string;

/** Finds out who asks, or throws a Problem: 401 for what doesn't prove it, 403 for who may not come in. */
export type Authenticate = (header: HeaderOf) => Promise<Identity>;
