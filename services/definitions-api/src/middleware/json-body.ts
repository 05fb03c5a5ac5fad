import type { IncomingMessage } from 'node:http';
import { isDeeperThan, isWellFormed } from '@millrace/workflow';
import type { Middleware } from 'koa';
import { Problem } from '../problem.ts';
import type { State } from '../state.ts';

const mostBytes = 1024 * 1024;
/** Deeper than any definition may nest; what checks and stores JSON walks it recursively. */
const mostDepth = 100;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads a JSON body of at most 1 MB: 400 where it isn't JSON in UTF-8, 413 where it is larger, 415 where it says to be something else. */
export const jsonBody: Middleware<State> = async (ctx, next) => {
  const hasBody = ctx.get('transfer-encoding') !== '' || Number(ctx.get('content-length') || 0) > 0;
  if (hasBody) {
    refuseOtherTypes(ctx.get('content-type'), ctx.get('content-encoding'));
    const bytes = await readBytes(ctx.req, Number(ctx.get('content-length') || 0));
    if (bytes.length > 0) (ctx.request as { body?: unknown }).body = parse(bytes);
  }
  await next();
};

function refuseOtherTypes(contentType: string, encoding: string): void {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  const isJson = type === 'application/json' || /^application\/[a-z0-9!#$&^_.-]+\+json$/.test(type);
  if (!isJson || (charset !== undefined && charset.replaceAll('"', '') !== 'utf-8')) {
    throw new Problem(415, 'unsupported_media_type', 'Expected Content-Type: application/json in UTF-8, but it is another or missing');
  }
  if (encoding !== '' && encoding.toLowerCase() !== 'identity') {
    throw new Problem(415, 'unsupported_media_type', 'Expected a body without Content-Encoding, but it has one');
  }
}

async function readBytes(request: IncomingMessage, announced: number): Promise<Buffer> {
  if (announced > mostBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      length += chunk.length;
      if (length > mostBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(400, 'aborted', 'Expected a whole body, but the request was aborted');
  }
  return Buffer.concat(chunks);
}

function parse(bytes: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    throw new Problem(400, 'malformed_json', `Expected a JSON body, but ${reasonOf(error)}`);
  }
  if (isDeeperThan(value, mostDepth)) {
    throw new Problem(400, 'too_deep', `Expected JSON that nests at most ${mostDepth} levels, but it is deeper`);
  }
  if (!isWellFormed(value)) {
    throw new Problem(400, 'malformed_json', 'Expected texts of whole characters, but one has half of a surrogate pair');
  }
  return value;
}

/** The parser's own message quotes the body, which may hold a secret. */
function reasonOf(error: unknown): string {
  if (!(error instanceof SyntaxError)) return 'it is not UTF-8';
  const place = /at position \d+( \(line \d+ column \d+\))?/.exec(error.message)?.[0];
  return `it is not valid JSON${place ? ` ${place}` : ''}`;
}

function tooLarge(): Problem {
  return new Problem(413, 'body_too_large', 'Expected a body of at most 1 MB, but it is larger');
}
