import { isIP } from 'node:net';
import { TerminalError } from '@millrace/runtime';
import { Agent, request } from 'undici';
import { networkError } from '../effects/no-answer.ts';
import { isPublicAddress } from './address-guard.ts';
import { createPublicLookup, createResolve, type Resolve, refusal } from './public-lookup.ts';

export interface OutgoingRequest {
  method: string;
  url: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string | null;
  signal: AbortSignal;
  /** What must not leave the origin. */
  secret?: { headers: ReadonlySet<string>; body: boolean };
}

export interface Answer {
  status: number;
  contentType: string | null;
  retryAfter: string | null;
  /** Cut at 64 KB. */
  body: string;
}

const mostRedirects = 3;
const mostBytes = 64 * 1024;
const redirects = new Set([301, 302, 303, 307, 308]);
const ports = new Set(['', '80', '443']);
/** Headers that say nothing about who sends: they may go on to another host. */
const harmless = new Set(['user-agent', 'accept', 'accept-language', 'content-type']);

/**
 * The only way out for addresses that tenants choose: each name is resolved once and the checked address is the one connected to; redirects
 * are checked again. `allowed` origins pass by exact scheme, host and port. Throws TerminalError `address_refused`, `too_many_redirects`,
 * `invalid_request`, `secret_host_refused` (a redirect would take a secret body elsewhere), RetryableError `http_unavailable`.
 */
export class GuardedClient {
  readonly #allowed: ReadonlySet<string>;
  /** How many calls run at once is decided before: what waited here would wait while its time runs. */
  readonly #open = new Agent({ pipelining: 1 });
  readonly #guarded: Agent;

  constructor(allowed: readonly string[], resolve: Resolve = createResolve()) {
    this.#allowed = new Set(allowed);
    this.#guarded = new Agent({ pipelining: 1, connect: { lookup: createPublicLookup(resolve) } });
  }

  async send(outgoing: OutgoingRequest): Promise<Answer> {
    let next = outgoing;
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const target = this.#check(next.url);
      const { answer, location } = await this.#sendOnce(target, next);
      if (!redirects.has(answer.status) || location === null) return answer;
      next = redirected(next, target, answer.status, location);
    }
    throw new TerminalError('too_many_redirects', `Expected at most ${mostRedirects} redirects, but there were more`);
  }

  async close(): Promise<void> {
    await Promise.all([this.#open.close(), this.#guarded.close()]);
  }

  #check(url: string): URL {
    const target = URL.parse(url);
    if (target === null || !/^https?:$/.test(target.protocol) || target.username !== '' || target.password !== '') {
      throw new TerminalError('address_refused', 'Expected an http or https URL without credentials, but got another');
    }
    if (this.#allowed.has(target.origin)) return target;
    if (!ports.has(target.port)) throw new TerminalError('address_refused', `Expected port 80 or 443, but got ${target.port}`);
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isPublicAddress(host)) throw refusal(target.hostname);
    return target;
  }

  async #sendOnce(target: URL, { method, headers, body, signal }: OutgoingRequest): Promise<{ answer: Answer; location: string | null }> {
    const dispatcher = this.#allowed.has(target.origin) ? this.#open : this.#guarded;
    try {
      const response = await request(target, { method: method as 'GET', headers, body, signal, dispatcher });
      const text = await readUpTo(response.body, mostBytes);
      return {
        location: textOf(response.headers.location),
        answer: {
          status: response.statusCode,
          contentType: textOf(response.headers['content-type']),
          retryAfter: textOf(response.headers['retry-after']),
          body: text,
        },
      };
    } catch (error) {
      throw translate(error, target);
    }
  }
}

/** What is sent to where a redirect leads. TerminalError `address_refused` where that is nowhere. */
function redirected(from: OutgoingRequest, target: URL, status: number, location: string): OutgoingRequest {
  const to = URL.parse(location, target.href);
  if (to === null) throw new TerminalError('address_refused', 'Expected a redirect to a URL, but got another text');
  const dropsBody = from.method !== 'HEAD' && (status === 303 || (status < 303 && from.method === 'POST'));
  const isSameOrigin = to.origin === target.origin;
  if (!isSameOrigin && !dropsBody && from.secret?.body === true) {
    const message = `Expected a request with a secret in its body to stay at ${target.host}, but it is redirected to another host`;
    throw new TerminalError('secret_host_refused', message);
  }
  const kept = Object.entries(from.headers).filter(([name]) => {
    if (dropsBody && /^(?:content-|webhook-)/.test(name)) return false;
    return isSameOrigin || (harmless.has(name) && from.secret?.headers.has(name) !== true);
  });
  return {
    ...from,
    url: to.href,
    headers: Object.fromEntries(kept),
    ...(dropsBody ? { method: 'GET', body: null } : {}),
  };
}

function translate(error: unknown, target: URL): Error {
  const root = rootOf(error);
  if (root instanceof TerminalError) return root;
  if (root instanceof Error && 'code' in root && (root.code === 'UND_ERR_INVALID_ARG' || root.code === 'UND_ERR_NOT_SUPPORTED')) {
    return new TerminalError('invalid_request', `Expected a request that can be sent, but: ${root.message}`, { cause: error });
  }
  return networkError('http_unavailable', `Expected an answer from ${target.host}, but there was none`, error);
}

/** Reads a body's beginning and gives up the rest. */
async function readUpTo(body: AsyncIterable<Buffer> & { destroy(): unknown }, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit).toString('utf8');
}

function textOf(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function rootOf(error: unknown): unknown {
  let root = error;
  for (let depth = 0; depth < 5 && root instanceof Error && root.cause !== undefined; depth += 1) root = root.cause;
  return root;
}
