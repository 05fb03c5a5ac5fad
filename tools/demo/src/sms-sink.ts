import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedText {
  sid: string;
  to: string;
  from: string;
  body: string;
  /** Of `I-Twilio-Idempotency-Token` or `Idempotency-Key`; empty where neither was sent. */
  idempotencyId: string;
}

export interface SmsSink extends AsyncDisposable {
  url: string;
  /** Every text accepted, repeats included, in order; empty with `onText`. */
  texts: ReceivedText[];
}

/** A request as it came, before it is accepted or refused. */
export interface SmsRequest {
  idempotencyId: string;
  /** The form, byte for byte. */
  form: string;
}

const messagesPath = /^\/2010-04-01\/Accounts\/([^/]+)\/Messages\.json$/;

export interface SmsSinkOptions {
  port?: number;
  onText?: (text: ReceivedText) => void;
  /** May hold a request, and answer for it: a status to refuse it with, null to go on. */
  onRequest?: (request: SmsRequest) => number | null | Promise<number | null>;
}

/** An SMS provider on 127.0.0.1 with the shape of Twilio's Messages API; it sends nothing. */
export async function startSmsSink(options: SmsSinkOptions = {}): Promise<SmsSink> {
  const texts: ReceivedText[] = [];
  let accepted = 0;
  const server = createServer((request, response) => {
    const account = messagesPath.exec(request.url ?? '')?.[1];
    if (account === undefined) return answer(response, 404, { code: 20404, message: 'The requested resource was not found', status: 404 });
    if (request.method !== 'POST') return answer(response, 405, { code: 20004, message: 'Method not allowed', status: 405 });
    readText(request).then(
      async (text) => {
        const idempotencyId = readIdempotencyId(request);
        const refusal = await options.onRequest?.({ idempotencyId, form: text });
        if (refusal != null) return answer(response, refusal, { code: 20500, message: 'The request was refused', status: refusal });
        const form = new URLSearchParams(text);
        const to = form.get('To') ?? '';
        const body = form.get('Body') ?? '';
        if (!/^\+[1-9]\d{6,14}$/.test(to)) return answer(response, 400, { code: 21211, message: "Invalid 'To' Phone Number", status: 400 });
        if (body === '') return answer(response, 400, { code: 21602, message: 'Message body is required', status: 400 });
        accepted += 1;
        const sid = `SM${accepted.toString(16).padStart(32, '0')}`;
        const from = form.get('From') ?? form.get('MessagingServiceSid') ?? '';
        const received = { sid, to, from, body, idempotencyId };
        if (options.onText === undefined) texts.push(received);
        else options.onText(received);
        return answer(response, 201, {
          sid,
          account_sid: account,
          status: 'queued',
          to,
          from,
          body,
          error_code: null,
          error_message: null,
        });
      },
      () => response.destroy(),
    );
  });
  server.keepAliveTimeout = 60_000;
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    texts,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function readIdempotencyId(request: IncomingMessage): string {
  const header = request.headers['i-twilio-idempotency-token'] ?? request.headers['idempotency-key'];
  return (Array.isArray(header) ? header[0] : header) ?? '';
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
