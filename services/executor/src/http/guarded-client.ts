import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { RetryableError, TerminalError } from '@millrace/runtime';
import { Agent, request } from 'undici';
import { isPublicAddress } from './address-guard.ts';

export interface OutgoingRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
  signal: AbortSignal;
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

/**
 * The only way out for addresses that tenants choose: each name is resolved once and the checked address is the one connected to; redirects
 * are checked again. `allowed` origins pass by exact scheme, host and port. Throws TerminalError `address_refused`, `too_many_redirects`,
 * RetryableError `http_unavailable`.
 */
export class GuardedClient {
  readonly #allowed: ReadonlySet<string>;
  readonly #open = new Agent({ connections: 100, pipelining: 1 });
  readonly #guarded = new Agent({ connections: 100, pipelining: 1, connect: { lookup: lookUpPublic } });

  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed);
  }

  async send(outgoing: OutgoingRequest): Promise<Answer> {
    let { url, method, headers, body } = outgoing;
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const target = this.#check(url);
      const { answer, location } = await this.#sendOnce(target, { ...outgoing, method, headers, body });
      if (!redirects.has(answer.status) || location === null) return answer;
      const next = new URL(location, target);
      if (answer.status === 303 || (answer.status < 303 && method === 'POST')) [method, body] = ['GET', null];
      if (next.origin !== target.origin) headers = withoutCredentials(headers);
      url = next.href;
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
    if (target.port !== '') throw new TerminalError('address_refused', `Expected port 80 or 443, but got ${target.port}`);
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
      const cause = rootOf(error);
      if (cause instanceof TerminalError) throw cause;
      throw new RetryableError('http_unavailable', `Expected an answer from ${target.host}, but there was none`, { cause: error });
    }
  }
}

const lookUpPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const addresses = (found ?? []).filter(({ address }) => isPublicAddress(address));
    const [first] = addresses;
    if (error) callback(error, '', 0);
    else if (first === undefined) callback(refusal(hostname) as NodeJS.ErrnoException, '', 0);
    else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

function refusal(host: string): TerminalError {
  return new TerminalError('address_refused', `Expected a public address, but ${host} has a private or special one`);
}

function withoutCredentials(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(?:authorization|cookie|x-api-key|webhook-.*|idempotency-key)$/i.test(name)),
  );
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
